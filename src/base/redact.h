// Text without the passwords in it: of urls, of connection strings, of statements.
//
// What looks like a password is taken for one: rather too much is hidden than too little.
#pragma once

#include <string>
#include <string_view>

namespace limbeck {

// Replaces every password in a text that may hold a url or a keyword string, malformed ones too.
std::string redact(std::string_view text);

// The same with a star in place of each character of a password, so that columns stay what they
// are.
std::string masked(std::string_view text);

}  // namespace limbeck
