#include "pdf.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "command.h"

namespace sovrisk::cli {

namespace {

namespace fs = std::filesystem;

/// A folder of its own that goes when it is no longer needed.
class Folder {
 public:
  Folder() : path_((fs::temp_directory_path() / "sovrisk-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) Session::fail("no temporary folder can be made");
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string file(std::string_view name) const { return fmt::format("{}/{}", path_, name); }

 private:
  std::string path_;
};

/// Runs a program found on the PATH, without a shell; its words are kept from the terminal. -1 when it is not there.
int run(std::vector<std::string> words) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return -1;
  int status = 0;
  if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status)) return 1;
  return WEXITSTATUS(status) == 127 ? -1 : WEXITSTATUS(status);
}

}  // namespace

std::string pdf_of(const std::string& html) {
  const Folder folder;
  const std::string page = folder.file("dossier.html");
  const std::string pdf = folder.file("dossier.pdf");
  std::ofstream(page, std::ios::binary) << html;
  int code = run({"weasyprint", "--pdf-variant", "pdf/ua-1", page, pdf});
  if (code == -1) {
    std::vector<std::string> words{"chromium",
                                   "--headless",
                                   "--disable-gpu",
                                   "--no-pdf-header-footer",
                                   fmt::format("--print-to-pdf={}", pdf),
                                   fmt::format("file://{}", page)};
    code = run(words);
    // Chromium has no sandbox for root. The page is our own, without scripts; still, it is said.
    if (code != -1 && (code != 0 || !fs::exists(pdf)) && geteuid() == 0) {
      fmt::print(stderr, "sovrisk: as root, chromium runs without its sandbox\n");
      words.insert(words.begin() + 1, "--no-sandbox");
      code = run(words);
    }
  }
  if (code == -1)
    Session::fail("no program that makes PDF is installed",
                  "install weasyprint or chromium, or print the HTML (-f html) from a browser");
  std::ifstream made(pdf, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(made), std::istreambuf_iterator<char>()};
  if (code != 0 || bytes.empty()) Session::fail("the PDF could not be made", "print the HTML (-f html) from a browser");
  return bytes;
}

}  // namespace sovrisk::cli
