#include "base/sha256.h"

#include <doctest/doctest.h>
#include <set>
#include <string>

#include "base/sha256_blocks.h"

// FIPS 180-2, appendix B, and the empty message of the NIST test vectors.
TEST_CASE("the vectors of NIST") {
  CHECK(limbeck::sha256_hex("") ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(limbeck::sha256_hex("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(limbeck::sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(limbeck::sha256_hex(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a NUL byte is a byte like any other") {
  CHECK(limbeck::sha256_hex(std::string("a\0b", 3)) != limbeck::sha256_hex("a"));
}

TEST_CASE("every length up to three blocks has a hash of its own") {
  std::set<std::string> seen;
  for (std::size_t size = 0; size <= 3 * limbeck::sha256_block_size; ++size) {
    seen.insert(limbeck::sha256_hex(std::string(size, 'x')));
  }
  CHECK(seen.size() == 3 * limbeck::sha256_block_size + 1);
}

TEST_CASE("the processor's instructions and the portable way agree") {
  const limbeck::Sha256Compress native = limbeck::sha256_compress_native();
  if (native == nullptr) return;  // the other tests went the portable way
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += static_cast<char>(i * i / 7);
  limbeck::Sha256State one{1, 2, 3, 4, 5, 6, 7, 8};
  limbeck::Sha256State other = one;
  native(one, bytes);
  limbeck::sha256_compress_portable(other, bytes);
  CHECK(one == other);
  CHECK(one != limbeck::Sha256State{1, 2, 3, 4, 5, 6, 7, 8});
}
