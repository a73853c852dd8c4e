// What the commands share: the options every one has, how they fail, and how they print.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assess/assessment.h"
#include "load/catalogue.h"
#include "report/report.h"

namespace sovrisk::cli {

/// Exit codes, stable: see `sovrisk --help`.
enum Exit : int { passed = 0, refused = 1, not_run = 2, not_established = 3 };

/// Leaves a command with an exit code after a message has been printed.
struct Leave {
  int code = not_run;
};

/// Options of every command.
struct Common {
  std::vector<std::string> catalogues;
  std::string language = "en";
  std::string colour = "auto";
  std::string diagnostics_format = "text";
};

/// Options of every command that assesses.
struct Assessing {
  std::string workload;
  std::string as_of;
  std::string method;  ///< empty: the default of the catalogue
  std::vector<std::string> what_if;
  std::vector<std::string> rulesets;  ///< beside those of the method
  std::vector<std::string> profiles;
  std::vector<std::string> weights;
};

extern const CLI::Validator not_empty;

void add_common(CLI::App& app, Common& common);
void add_assessing(CLI::App& app, Assessing& options);

/// The blob that is linked into the program.
[[nodiscard]] std::string_view shipped_catalogue();
[[nodiscard]] Tool tool();
/// The template of a dossier, "html" or "md": the one in a folder of the user, or the one that is linked into the
/// program where there is no folder or none in it.
[[nodiscard]] std::string dossier_template(const std::string& folder, std::string_view format);

/// A run: the catalogue with the user's folders in it, and what was found wrong on the way.
class Session {
 public:
  explicit Session(const Common& common);
  /// A session that stays until the process ends: to take its trees apart costs more than all of them are worth then.
  static Session& open(const Common& common);

  [[nodiscard]] Catalogue& catalogue() { return *catalogue_; }
  [[nodiscard]] Diagnostics& diagnostics() { return diagnostics_; }
  [[nodiscard]] const SourceMap& sources() const { return sources_; }
  [[nodiscard]] const Common& common() const { return common_; }
  [[nodiscard]] Messages messages() const { return {*catalogue_, common_.language}; }

  /// Prints what was found; leaves with exit 2 when there are errors.
  void stop_on_errors();
  /// Leaves with exit 2 and "error: what; hint".
  [[noreturn]] static void fail(const std::string& what, const std::string& hint = {});

  /// The entry of a kind, or leaves with a did-you-mean.
  const Document& need(std::string_view kind, const std::string& id, std::string_view what);
  /// Words of reports that a folder of templates holds, for all messages from then on. Leaves when the folder has
  /// nothing that a template folder may have.
  void take_words(const std::string& folder);
  /// Reads a file of one kind, checks its meaning, or leaves with all its errors.
  std::shared_ptr<const Document> read(const std::string& path, std::string_view kind);
  /// An overlay by id of the catalogue or by path.
  const Document* overlay(const std::string& id_or_path);
  /// The day given, or today, which is then said on stderr.
  [[nodiscard]] Date day(const std::string& as_of) const;
  /// A request from the options; documents it needs are kept alive by the session.
  Request request(const std::string& offering, const Assessing& options);
  /// An engine with the method that the options name, or with the catalogue's default, and further rule sets.
  const Engine& engine(const std::string& method = {}, const std::vector<std::string>& rulesets = {});
  /// Results that stay as long as the session, for the same reason.
  [[nodiscard]] std::vector<Assessment>& results() { return results_; }

 private:
  [[nodiscard]] std::string default_method() const;
  void choose_profile(const std::string& option, Request& request);
  void choose_weight(const std::string& option, Request& request);

  Common common_;
  SourceMap sources_;
  std::unique_ptr<Catalogue> catalogue_;
  Diagnostics diagnostics_;
  std::vector<std::shared_ptr<const Document>> kept_;
  std::unique_ptr<Engine> engine_;
  std::vector<Assessment> results_;
};

/// Where results go and how: pairs of format and file.
struct Output {
  std::vector<std::string> formats;
  std::vector<std::string> files;
  /// Whether a format is asked for that a page is rendered to.
  [[nodiscard]] bool wants_page() const {
    return formats.empty() || std::any_of(formats.begin(), formats.end(),
                                          [](const auto& format) { return format == "text" || format == "md"; });
  }
};
void add_output(CLI::App& app, Output& output, const std::vector<std::string>& formats);

/// One report to make: its format, and whether it goes to a file (no colours, no terminal's width).
struct Target {
  std::string format;
  bool to_file = false;
  std::string file;  ///< where to, of one that goes to a file
};

/// Calls `render(target)` for each output and writes the text: to stdout, or to a file by way of a temporary file
/// that is then renamed. Leaves with exit 2 when a write fails.
void write_outputs(const Output& output, const std::function<std::string(const Target& target)>& render);

/// Writes through a temporary file in the same folder, so that a half-written report never stands under the name.
/// What exists and is no regular file (a pipe, a device) is written to as it is; a link is followed.
void write_file(const std::string& named, const std::string& text);

/// Renders a page as "text" or "md".
[[nodiscard]] std::string render_page(const Page& page, const Target& target, const Common& common);

/// Prints to stdout; leaves with exit 2 when stdout is closed or full.
void print_out(const std::string& text);

// One function per command: gives it its options, its examples and its action.
void setup_assess(CLI::App& command, Common& common);
void setup_explain(CLI::App& command, Common& common);
void setup_dossier(CLI::App& command, Common& common);
void setup_compare(CLI::App& command, Common& common);
void setup_gate(CLI::App& command, Common& common);
void setup_diff(CLI::App& command, Common& common);
void setup_validate(CLI::App& command, Common& common);
void setup_list(CLI::App& command, Common& common);
void setup_import(CLI::App& command, Common& common);
void setup_init(CLI::App& command, Common& common);
void setup_interview(CLI::App& command, Common& common);
void setup_show(CLI::App& command, Common& common);
void setup_schema(CLI::App& command, Common& common);
void setup_test(CLI::App& command, Common& common);

}  // namespace sovrisk::cli
