#include "base/sha256.h"

#include <cstdint>

#include "base/sha256_blocks.h"

namespace limbeck {
namespace {

// FIPS 180-4, 5.3.3: of the square roots of the first eight primes.
constexpr Sha256State initial_state{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

// The end of the text, a one bit, zeros, and the length of it all in bits (FIPS 180-4, 5.1.1).
std::string padded(std::string_view rest, std::uint64_t size) {
  std::string blocks(rest);
  blocks += '\x80';
  while (blocks.size() % sha256_block_size != sha256_block_size - 8) blocks += '\0';
  for (int shift = 56; shift >= 0; shift -= 8) {
    blocks +=
        static_cast<char>(static_cast<unsigned char>(size * 8 >> static_cast<unsigned>(shift)));
  }
  return blocks;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  static const Sha256Compress native = sha256_compress_native();
  const Sha256Compress compress = native != nullptr ? native : sha256_compress_portable;
  Sha256State state = initial_state;
  compress(state, bytes);
  const std::size_t whole = bytes.size() / sha256_block_size * sha256_block_size;
  compress(state, padded(bytes.substr(whole), bytes.size()));
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(64);
  for (const std::uint32_t word : state) {
    for (int shift = 28; shift >= 0; shift -= 4) {
      hex += digits[word >> static_cast<unsigned>(shift) & 15U];
    }
  }
  return hex;
}

}  // namespace limbeck
