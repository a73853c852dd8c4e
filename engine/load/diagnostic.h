// What is wrong with an input, as a value: where, what, and what to do about it.
// Nothing here prints; render_text and render_json turn diagnostics into words at the edge.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sovrisk {

/// Index of a file in a SourceMap.
using FileId = std::uint32_t;
inline constexpr FileId no_file = 0;

/// A place in a file. Lines and columns count from 1, columns and lengths in characters (code points).
/// A span with line 0 stands for the whole file.
struct Span {
  FileId file = no_file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 0;
};

/// The text of one input, kept for messages and digests. Shipped files have no text, only a digest.
struct SourceFile {
  std::string path;
  std::string text;
  std::string sha256;    ///< lower-case hex of the file's bytes
  bool shipped = false;  ///< part of the compiled-in catalogue
};

/// The inputs of one run, by FileId. Id 0 is "no file".
class SourceMap {
 public:
  SourceMap() : files_(1) {}
  FileId add(SourceFile file) {
    files_.push_back(std::move(file));
    return static_cast<FileId>(files_.size() - 1);
  }
  [[nodiscard]] const SourceFile& operator[](FileId id) const { return files_.at(id); }
  /// Sets the digest of an input that was read as a stream.
  void set_digest(FileId id, std::string sha256) { files_.at(id).sha256 = std::move(sha256); }
  [[nodiscard]] std::size_t size() const { return files_.size(); }

 private:
  std::vector<SourceFile> files_;
};

enum class Severity { warning, error };

/// A second place that explains the first ("first defined here").
struct Related {
  Span span;
  std::string message;
};

/// One finding about an input. Wording: lower case, no final stop, user text in backticks.
struct Diagnostic {
  std::string_view id;  ///< stable kebab-case name; a string literal
  Severity severity = Severity::error;
  Span span;
  std::string message;
  std::string hint;  ///< what to do; may be empty
  std::vector<Related> related;
};

/// Collects the findings of one or more files.
class Diagnostics {
 public:
  Diagnostic& error(std::string_view id, Span span, std::string message, std::string hint = {});
  Diagnostic& warning(std::string_view id, Span span, std::string message, std::string hint = {});
  /// Takes over a finding of another collection.
  void add(Diagnostic diagnostic);
  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  [[nodiscard]] std::size_t error_count() const { return errors_; }
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }
  /// Sorts by file, line and column, so that output does not depend on the order of checks.
  void sort();

 private:
  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
};

/// `file:line:column: error: message`, the source line, a caret under the words meant, the hint.
[[nodiscard]] std::string render_text(const Diagnostic& diagnostic, const SourceMap& sources);
[[nodiscard]] std::string render_text(const Diagnostics& diagnostics, const SourceMap& sources);
/// One JSON array; keys id, severity, file, line, column, length, message, hint, related.
[[nodiscard]] std::string render_json(const Diagnostics& diagnostics, const SourceMap& sources);

/// The text with control characters (ESC among them) made visible, so that a hostile file cannot
/// drive the terminal. Keeps valid UTF-8; replaces C0, DEL, C1 and bidirectional controls by `\u{..}`.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace sovrisk
