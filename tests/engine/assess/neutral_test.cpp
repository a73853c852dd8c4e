// The engine knows no provider and no law: they are data. This reads its sources to make sure.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

/// C++ text without its comments, in lower case; line breaks stay, so that lines can be counted.
std::string without_comments(const std::string& text) {
  std::string result;
  enum class In { code, line, block, string } in = In::code;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (in == In::code && c == '/' && next == '/') in = In::line;
    if (in == In::code && c == '/' && next == '*') in = In::block;
    if (in == In::code || in == In::string || c == '\n')
      result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (in == In::line && c == '\n') in = In::code;
    if (in == In::block && c == '*' && next == '/') {
      in = In::code;
      ++i;
      continue;
    }
    if (in == In::string && c == '\\' && next != '\0') {
      result += next;
      ++i;
      continue;
    }
    if (c == '"' && in == In::code) {
      in = In::string;
    } else if (c == '"' && in == In::string) {
      in = In::code;
    }
  }
  return result;
}

/// Examples in help texts (a command line, or "such as ...") may name something that exists.
bool is_help_example(const std::string& line) {
  return line.find("sovrisk ") != std::string::npos || line.find("such as ") != std::string::npos;
}

bool holds_word(const std::string& line, const std::string& word) {
  for (auto at = line.find(word); at != std::string::npos; at = line.find(word, at + 1)) {
    const auto letter = [&](std::size_t i) {
      return i < line.size() && std::isalpha(static_cast<unsigned char>(line[i])) != 0;
    };
    if ((at == 0 || !letter(at - 1)) && !letter(at + word.size())) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("engine and command line: no code names a provider or a law") {
  const std::vector<std::string> names{"azure",    "amazon",      "aws",    "clever", "scaleway",   "ovh",
                                       "ovhcloud", "microsoft",   "google", "iliad",  "cloud act",  "cloud-act",
                                       "fisa",     "secnumcloud", "eu-csf", "hds",    "e-evidence", "s3ns"};
  std::size_t files = 0;
  for (const char* folder : {"engine", "cli"}) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::filesystem::path(SOVRISK_SOURCE) / folder)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".cpp" && extension != ".h") continue;
      ++files;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string text = without_comments({std::istreambuf_iterator<char>(in), {}});
      int number = 1;
      for (std::size_t begin = 0; begin < text.size(); ++number) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string line = text.substr(begin, end - begin);
        begin = end + 1;
        if (is_help_example(line)) continue;
        for (const std::string& name : names)
          if (holds_word(line, name)) FAIL_CHECK(fmt::format("{}:{} names `{}`", entry.path().string(), number, name));
      }
    }
  }
  CHECK(files > 20);  // the folders were found
}
