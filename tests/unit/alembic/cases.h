// Reads tests/cases/alembic/*.case: "=== name", the input, "=> expected" lines.
#pragma once

#include <fstream>
#include <string>
#include <vector>

struct AlembicCase {
  std::string name;
  std::string input;  // without a final line end
  std::vector<std::string> expected;
};

// \r \n \t \\ \xNN
inline std::string unescaped(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : ' ';
    const std::size_t known = std::string("rnt\\").find(next);
    if (known != std::string::npos && text[i] == '\\') {
      result += std::string("\r\n\t\\")[known];
      ++i;
    } else if (next == 'x') {
      result += static_cast<char>(std::stoi(text.substr(i + 2, 2), nullptr, 16));
      i += 3;
    } else {
      result += text[i];
    }
  }
  return result;
}

inline std::vector<AlembicCase> read_alembic_cases(const std::string& name) {
  std::ifstream stream(std::string(LIMBECK_TESTS_FOLDER) + "/cases/alembic/" + name);
  std::vector<AlembicCase> cases;
  bool first = true;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("=== ")) {
      cases.push_back({line.substr(4), {}, {}});
      first = true;
    } else if (cases.empty()) {
      continue;  // what the file is about
    } else if (line.starts_with("=> ")) {
      cases.back().expected.push_back(line.substr(3));
    } else {
      cases.back().input += (first ? "" : "\n") + line;
      first = false;
    }
  }
  for (AlembicCase& each : cases) {
    if (each.name.find("escapes") != std::string::npos) each.input = unescaped(each.input);
  }
  return cases;
}
