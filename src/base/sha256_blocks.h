// The compression function of SHA-256 (FIPS 180-4), which takes whole blocks.
//
// It never pads: src/base/sha256.h is what others call.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace limbeck {

using Sha256State = std::array<std::uint32_t, 8>;
constexpr std::size_t sha256_block_size = 64;

// Takes in the whole blocks at the beginning of bytes; what is left is less than a block.
using Sha256Compress = void (*)(Sha256State& state, std::string_view bytes);

// For every processor.
void sha256_compress_portable(Sha256State& state, std::string_view bytes);

// With the instructions that this processor has for it, which are six times as fast; null when it
// has none.
Sha256Compress sha256_compress_native();

}  // namespace limbeck
