#include "command.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <fmt/ranges.h>
#include <fstream>
#include <iterator>
#ifdef __GLIBC__
#include <malloc.h>
#include <sys/mman.h>
#endif
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "load/suggest.h"
#include "rules/validate.h"

extern "C" {
extern const char sovrisk_catalogue_begin[];     // NOLINT: laid down by engine/embed/catalogue.S
extern const char sovrisk_catalogue_end[];       // NOLINT
extern const char sovrisk_dossier_html_begin[];  // NOLINT
extern const char sovrisk_dossier_html_end[];    // NOLINT
extern const char sovrisk_dossier_md_begin[];    // NOLINT
extern const char sovrisk_dossier_md_end[];      // NOLINT
}

namespace sovrisk::cli {

namespace {

bool wants_colour(const Common& common, bool to_file) {
  if (common.colour == "always") return true;
  if (common.colour == "never" || to_file) return false;
  const char* none = std::getenv("NO_COLOR");
  return (none == nullptr || *none == '\0') && isatty(STDOUT_FILENO) != 0;
}

std::size_t terminal_columns(bool to_file) {
  constexpr std::size_t widest = 120;
  if (const char* columns = std::getenv("COLUMNS"))
    if (const int given = std::atoi(columns); given > 0)
      return std::min<std::size_t>(static_cast<std::size_t>(given), widest);
  winsize size{};
  if (!to_file && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return std::min<std::size_t>(size.ws_col, widest);
  return 100;
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t wrote = ::write(file, text.data(), text.size());
    if (wrote < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

/// A run fills some ten megabytes once and ends. Page by page that is two thousand page faults, a quarter of its time;
/// asked for in large pages it is a handful. A system that has none to give loses nothing.
void fill_memory_in_large_pages() {
#ifdef __GLIBC__
  constexpr std::size_t large_page = std::size_t{2} << 20;
  constexpr std::size_t expected = 6 * large_page;
  constexpr int keep = 64 << 20;  // for malloc to keep what is freed below, and not to hand it back
  if (mallopt(M_MMAP_THRESHOLD, keep) != 1 || mallopt(M_TRIM_THRESHOLD, keep) != 1) return;
  void* block = std::malloc(expected);
  void* first = block;
  std::size_t left = expected;
  if (block != nullptr && std::align(large_page, expected - large_page, first, left) != nullptr)
    (void)madvise(first, left / large_page * large_page, MADV_HUGEPAGE);
  std::free(block);
#endif
}

}  // namespace

void write_file(const std::string& named, const std::string& text) {
  std::error_code problem;
  const std::filesystem::path real = std::filesystem::canonical(named, problem);
  const std::string path = problem ? named : real.string();
  struct stat now {};
  const bool exists = stat(path.c_str(), &now) == 0;
  if (exists && !S_ISREG(now.st_mode)) {
    const int target = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    const bool wrote = target >= 0 && write_all(target, text);
    if ((target >= 0 && close(target) != 0) || !wrote) Session::fail(fmt::format("{}: cannot be written", path));
    return;
  }
  std::string temporary = path + ".XXXXXX";
  const int file = mkstemp(temporary.data());
  if (file < 0) Session::fail(fmt::format("{}: cannot be written", path), "is its folder there and writable?");
  bool good = write_all(file, text);
  const mode_t mask = umask(0);
  umask(mask);
  constexpr mode_t permissions = 07777;
  good = fchmod(file, exists ? now.st_mode & permissions : 0666 & ~mask) == 0 && good;
  good = fsync(file) == 0 && good;
  good = close(file) == 0 && good;
  if (good && std::rename(temporary.c_str(), path.c_str()) == 0) return;
  std::remove(temporary.c_str());
  Session::fail(fmt::format("{}: cannot be written", path));
}

/// An empty value is a variable of a script that was not set, not a wish for the default.
const CLI::Validator not_empty(
    [](const std::string& value) { return value.empty() ? std::string("the value is empty") : std::string(); }, "");

std::string_view shipped_catalogue() {
  return {sovrisk_catalogue_begin, static_cast<std::size_t>(sovrisk_catalogue_end - sovrisk_catalogue_begin)};
}

std::string dossier_template(const std::string& folder, std::string_view format) {
  const std::string path = fmt::format("{}/dossier.{}", folder, format);
  std::error_code none;
  if (folder.empty() || !std::filesystem::exists(path, none)) {
    if (format == "md") return {sovrisk_dossier_md_begin, sovrisk_dossier_md_end};
    return {sovrisk_dossier_html_begin, sovrisk_dossier_html_end};
  }
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) Session::fail(fmt::format("{}: cannot be read", path));
  return text;
}

Tool tool() { return {"sovrisk", SOVRISK_VERSION}; }

void add_common(CLI::App& app, Common& common) {
  app.add_option("--catalogue", common.catalogues,
                 "folder with entries that add to or replace shipped ones (may repeat)")
      ->type_name("DIR")
      ->allow_extra_args(false);
  app.add_option("--lang", common.language, "language of reports: en or fr")
      ->check(CLI::IsMember({"en", "fr"}))
      ->type_name("LANG");
  app.add_option("--color", common.colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  app.add_option("--diagnostics", common.diagnostics_format, "how errors in files are printed: text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORM");
}

void add_assessing(CLI::App& app, Assessing& options) {
  app.add_option("-w,--workload", options.workload, "workload file (YAML), - for standard input")
      ->type_name("FILE")
      ->check(not_empty);
  app.add_option("--as-of", options.as_of, "assessment date; facts and laws of that day (default: today)")
      ->type_name("YYYY-MM-DD")
      ->check(not_empty);
  app.add_option("--method", options.method, "decision method")->type_name("ID");
  app.add_option("--what-if", options.what_if, "measure, scenario or overlay file to assume (may repeat)")
      ->type_name("ID|FILE")
      ->allow_extra_args(false);
  app.add_option("--rules", options.rulesets, "rule set to decide beside those of the method, due or not (may repeat)")
      ->type_name("ID")
      ->allow_extra_args(false);
  app.add_option("--profile", options.profiles, "weight profile of a rule set, such as eu-csf=csf-guidance-2026-06")
      ->type_name("SET=NAME")
      ->allow_extra_args(false);
  app.add_option("--weight", options.weights,
                 "weight of an objective in percent, in place of the profile's, such as eu-csf:SOV-2=25 (may repeat)")
      ->type_name("SET:OBJECTIVE=PERCENT")
      ->allow_extra_args(false);
}

Session& Session::open(const Common& common) {
  fill_memory_in_large_pages();
  static Session* session = nullptr;  // reachable to the end, and never destroyed
  session = new Session(common);
  return *session;
}

Session::Session(const Common& common)
    : common_(common), catalogue_(std::make_unique<Catalogue>(sources_, shipped_catalogue())) {
  std::vector<std::string> folders;
  if (const char* path = std::getenv("SOVRISK_CATALOGUE")) {
    std::string_view rest = path;
    while (!rest.empty()) {
      const auto colon = rest.find(':');
      if (const auto folder = rest.substr(0, colon); !folder.empty()) folders.emplace_back(folder);
      rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
    }
  }
  folders.insert(folders.end(), common.catalogues.begin(), common.catalogues.end());
  for (const std::string& folder : folders)
    catalogue_->add_folder(folder, diagnostics_);
  if (!folders.empty() && !diagnostics_.has_errors()) {
    const CountryGroups groups = country_groups(*catalogue_);
    // What is shipped was checked when it was compiled.
    for (const std::string_view kind :
         {"country-group", "entity", "offering", "reach-rule", "overlay", "law", "ruleset", "method"})
      for (const std::string& id : catalogue_->ids(kind))
        if (catalogue_->is_own(kind, id)) check_meaning(*catalogue_->find(kind, id), *catalogue_, groups, diagnostics_);
  }
  stop_on_errors();
}

void Session::stop_on_errors() {
  diagnostics_.sort();
  if (diagnostics_.all().empty()) return;
  if (common_.diagnostics_format == "json") {
    fmt::print(stderr, "{}", render_json(diagnostics_, sources_));
  } else {
    fmt::print(stderr, "{}", render_text(diagnostics_, sources_));
    if (diagnostics_.has_errors())
      fmt::print(stderr, "{} error{}\n", diagnostics_.error_count(), diagnostics_.error_count() == 1 ? "" : "s");
  }
  const bool errors = diagnostics_.has_errors();
  diagnostics_ = {};
  if (errors) throw Leave{not_run};
}

void Session::fail(const std::string& what, const std::string& hint) {
  fmt::print(stderr, "sovrisk: error: {}{}\n", printable(what),
             hint.empty() ? "" : fmt::format("; {}", printable(hint)));
  throw Leave{not_run};
}

const Document& Session::need(std::string_view kind, const std::string& id, std::string_view what) {
  if (const Document* document = catalogue_->find(kind, id)) return *document;
  std::string hint = did_you_mean(id, catalogue_->names(kind));
  if (hint.empty())
    hint = fmt::format("`sovrisk list {}` lists them", kind == "offering" ? "providers"
                                                       : kind == "law"    ? "laws"
                                                                          : "rules");
  fail(fmt::format("no {} is named `{}`", what, id), hint);
}

void Session::take_words(const std::string& folder) {
  if (folder.empty()) return;
  const auto holds = [&](std::string_view name) {
    std::error_code none;
    return std::filesystem::exists(fmt::format("{}/{}", folder, name), none);
  };
  const bool words = holds("words.yaml");
  if (!words && !holds("dossier.html") && !holds("dossier.md"))
    fail(fmt::format("{}: is no folder of templates", folder), "it needs a dossier.html, a dossier.md or a words.yaml");
  if (words) override_words(*catalogue_, fmt::format("{}/words.yaml", folder), diagnostics_);
  stop_on_errors();
}

std::shared_ptr<const Document> Session::read(const std::string& path, std::string_view kind) {
  auto document = catalogue_->read(path, diagnostics_);
  stop_on_errors();
  if (document->kind != kind)
    fail(fmt::format("{} is of the format sovrisk-{}, not sovrisk-{}", path, document->kind, kind));
  check_meaning(*document, *catalogue_, country_groups(*catalogue_), diagnostics_);
  stop_on_errors();
  kept_.push_back(document);
  return document;
}

const Document* Session::overlay(const std::string& id_or_path) {
  if (const Document* document = catalogue_->find("overlay", id_or_path)) return document;
  const bool path = id_or_path.find('/') != std::string::npos || id_or_path.ends_with(".yaml") ||
                    id_or_path.ends_with(".yml") || id_or_path == "-";
  if (path) return read(id_or_path, "overlay").get();
  return &need("overlay", id_or_path, "measure or scenario");
}

Date Session::day(const std::string& as_of) const {
  if (!as_of.empty()) {
    const auto day = Date::parse(as_of);
    if (!day) fail(fmt::format("--as-of: `{}` is no date", as_of), "write a real day as YYYY-MM-DD");
    return *day;
  }
  const auto now = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const Date today = Date::from_days(now.time_since_epoch().count());
  fmt::print(stderr, "sovrisk: assessing as of {} (set another day with --as-of)\n", today.text());
  return today;
}

Request Session::request(const std::string& offering, const Assessing& options) {
  Request request;
  request.offering = need("offering", offering, "offering").id;
  if (!options.workload.empty()) request.workload = read(options.workload, "workload").get();
  for (const std::string& id : options.what_if)
    request.overlays.push_back(overlay(id));
  for (const std::string& id : options.rulesets)
    request.deciding[need("ruleset", id, "rule set").id].even_if_not_due = true;
  for (const std::string& profile : options.profiles)
    choose_profile(profile, request);
  for (const std::string& weight : options.weights)
    choose_weight(weight, request);
  request.as_of = day(options.as_of);
  return request;
}

void Session::choose_profile(const std::string& option, Request& request) {
  const auto equals = option.find('=');
  const std::string set = option.substr(0, equals);
  const Document& ruleset = need("ruleset", set, "rule set");
  const std::string name = equals == std::string::npos ? std::string() : option.substr(equals + 1);
  const Node* profiles = ruleset.root.find("profiles");
  std::vector<std::string> names;
  if (profiles != nullptr)
    for (const Member& member : profiles->members)
      names.push_back(member.key);
  if (profiles == nullptr || profiles->find(name) == nullptr)
    fail(fmt::format("--profile: {} has no weights named `{}`", set, name), did_you_mean(name, names));
  request.deciding[ruleset.id].profile = name;
}

void Session::choose_weight(const std::string& option, Request& request) {
  const auto colon = option.find(':');
  const auto equals = option.find('=', colon == std::string::npos ? 0 : colon);
  const bool formed = colon != std::string::npos && equals != std::string::npos;
  const std::string number = formed ? option.substr(equals + 1) : std::string();
  double weight = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), weight);
  constexpr double whole = 100;
  if (number.empty() || error != std::errc() || end != number.data() + number.size() ||
      !(weight >= 0 && weight <= whole))
    fail(fmt::format("--weight: `{}` is no weight", option), "write one such as eu-csf:SOV-2=25, in percent");
  const Document& ruleset = need("ruleset", option.substr(0, colon), "rule set");
  const std::string objective = option.substr(colon + 1, equals - colon - 1);
  std::vector<std::string> known;
  if (const Node* objectives = ruleset.root.find("objectives"))
    for (const Node& node : objectives->items)
      known.emplace_back(node.text_of("id"));
  if (std::find(known.begin(), known.end(), objective) == known.end())
    fail(fmt::format("--weight: {} has no objective `{}`", ruleset.id, objective), did_you_mean(objective, known));
  request.deciding[ruleset.id].weights[objective] = weight;
}

std::string Session::default_method() const {
  std::string chosen;
  for (const Document* document : catalogue_->all("method")) {
    const Node* marked = document->root.find("default");
    const bool is_default = marked != nullptr && marked->boolean;
    if (is_default && (chosen.empty() || catalogue_->is_own("method", document->id))) chosen = document->id;
  }
  if (chosen.empty()) fail("no decision method of the catalogue is marked `default: true`", "name one with --method");
  return chosen;
}

const Engine& Session::engine(const std::string& method, const std::vector<std::string>& rulesets) {
  if (engine_ == nullptr) {
    const std::string id = method.empty() ? default_method() : need("method", method, "decision method").id;
    std::vector<std::string> beside;
    beside.reserve(rulesets.size());
    for (const std::string& ruleset : rulesets)
      beside.push_back(need("ruleset", ruleset, "rule set").id);
    engine_ = std::make_unique<Engine>(*catalogue_, id, diagnostics_, beside);
    stop_on_errors();
  }
  return *engine_;
}

void add_output(CLI::App& app, Output& output, const std::vector<std::string>& formats) {
  app.add_option("-f,--format", output.formats,
                 fmt::format("{} (may repeat, each with its own -o)", fmt::join(formats, ", ")))
      ->check(CLI::IsMember(formats))
      ->type_name("FORMAT")
      ->allow_extra_args(false);
  app.add_option("-o,--output", output.files,
                 "file to write instead of standard output (may repeat, in the order of -f)")
      ->type_name("FILE")
      ->allow_extra_args(false);
}

void write_outputs(const Output& output, const std::function<std::string(const Target& target)>& render) {
  std::vector<std::string> formats = output.formats;
  if (formats.empty()) formats.emplace_back("text");
  if (output.files.size() > formats.size()) Session::fail("more -o than -f", "give each file its format with -f");
  if (formats.size() > 1 && output.files.size() + 1 < formats.size())
    Session::fail("several -f need an -o each", "only the last may go to standard output");
  for (std::size_t i = 0; i < formats.size(); ++i) {
    const bool to_file = i < output.files.size() && output.files[i] != "-";
    const std::string text = render({formats[i], to_file, to_file ? output.files[i] : std::string()});
    if (to_file) {
      write_file(output.files[i], text);
    } else {
      print_out(text);
    }
  }
}

std::string render_page(const Page& page, const Target& target, const Common& common) {
  if (target.format == "md") return render_markdown(page);
  return render_terminal(page, wants_colour(common, target.to_file), terminal_columns(target.to_file));
}

void print_out(const std::string& text) {
  const bool wrote = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (wrote) return;
  // A reader that has seen enough (`| head`) is no error; a full disk is.
  if (errno == EPIPE) throw Leave{passed};
  Session::fail("standard output cannot be written");
}

}  // namespace sovrisk::cli
