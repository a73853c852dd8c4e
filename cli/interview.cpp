#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <iostream>
#include <set>

#include "command.h"
#include "load/suggest.h"
#include "load/writer.h"
#include "rules/validate.h"

namespace sovrisk::cli {

namespace {

struct Options {
  std::string offering;
  std::string file;    ///< the overlay that is written
  std::string source;  ///< what the answers rest on, in words
  Assessing assessing;
};

/// What may be answered, in words.
std::string form_of(const Type& type, const SchemaSet& schemas) {
  const auto words = [&](const Type& of) {
    return of.words.empty() || of.words.size() > 40 ? std::string()
                                                    : fmt::format("one of {}", fmt::join(of.words, ", "));
  };
  switch (type.kind) {
    case Type::Kind::boolean: return "true or false";
    case Type::Kind::number: return "a number, or [least, most]";
    case Type::Kind::share: return "a share such as 24%, or [20%, 30%]";
    case Type::Kind::country: return "a country such as FR (ISO 3166-1)";
    case Type::Kind::date: return "a day, YYYY-MM-DD";
    case Type::Kind::text:
      return !words(type).empty() ? words(type) : type.refers_to.empty() ? "text" : "id of an entity";
    case Type::Kind::map: return fmt::format("a map: {{{}: ...}}", fmt::join(schemas.keys(*type.map), ": ..., "));
    case Type::Kind::list: {
      if (type.items == nullptr) return "a list";
      const Type& item = schemas.type_of(*type.items);
      const std::string of = form_of(item, schemas);
      return fmt::format(
          "the whole list, in place of what is known, parted by commas; `unknown` among them says that there may be "
          "more, [] that there are none; each {}",
          of);
    }
    default: return "a value";
  }
}

/// Asks, checks and keeps: one overlay, written after every answer so that nothing is lost when the talk ends.
class Interview {
 public:
  Interview(Session& session, const Options& options) : session_(session), options_(options) {}

  void run() {
    request_ = session_.request(options_.offering, options_.assessing);
    if (options_.assessing.rulesets.empty())
      Session::fail("--rules is missing", "name the rule set whose facts are to be asked for, such as --rules hds");
    engine_ = &session_.engine(options_.assessing.method, options_.assessing.rulesets);
    for (const std::string& id : options_.assessing.rulesets)
      rules_.push_back(session_.need("ruleset", id, "rule set").id);
    path_ = options_.file.empty() ? fmt::format("{}-answers.yaml", request_.offering) : options_.file;
    open_file();
    std::size_t answers = 0;
    while (const auto question = next()) {
      if (!has_source()) break;
      const auto answered = ask(*question);
      if (!answered) break;
      if (*answered) ++answers;
      asked_.insert(question->fact);
    }
    close(answers);
  }

 private:
  /// Takes up the file of an earlier talk, or begins one.
  void open_file() {
    if (std::filesystem::exists(path_)) {
      kept_ = session_.read(path_, "overlay");
      root_ = kept_->root;
      if (root_.text_of("offering") != request_.offering)
        Session::fail(fmt::format("{} is about another offering, `{}`", path_, root_.text_of("offering")),
                      "name another file with -o");
      request_.overlays.push_back(kept_.get());
      for (const std::string_view key : {"set", "about"})
        if (const Node* answered = root_.find(key))
          for (const Member& member : answered->members)
            asked_.insert(member.key);
      fmt::print(stderr, "{}: {} answer{} so far\n", path_, asked_.size(), asked_.size() == 1 ? "" : "s");
      return;
    }
    root_.kind = Node::Kind::map;
    set(root_, "format", text_node("sovrisk-overlay/1"));
    set(root_, "id", text_node(fmt::format("{}-answers", request_.offering)));
    set(root_, "kind", text_node("correction"));
    set(root_, "title", text_node(fmt::format("Answers about {}", request_.offering)));
    set(root_, "offering", text_node(request_.offering));
  }

  /// The open fact that would close most and was not asked yet. Facts of the workload are for the workload's file.
  std::optional<Missing> next() {
    const Assessment assessment = engine_->assess(request_);
    std::optional<Missing> best;
    left_ = 0;
    for (const std::string& set : rules_)
      for (Missing& missing : missing_for(assessment, set)) {
        place_sites(assessment, missing);
        if (missing.fact.starts_with("workload.")) {
          of_workload_.insert(missing.fact);
          continue;
        }
        if (asked_.contains(missing.fact) || settable(session_.catalogue().schemas(), missing.fact) == nullptr)
          continue;
        ++left_;
        if (!best || missing.closes > best->closes) best = std::move(missing);
      }
    return best;
  }

  /// Owners of buildings are asked for site by site.
  void place_sites(const Assessment& assessment, Missing& missing) const {
    constexpr std::string_view any = "[...]";
    const auto at = missing.fact.find(any);
    if (at == std::string::npos) return;
    for (const Value& site : assessment.facts->get("offering").get("sites").items) {
      const std::string fact = fmt::format("{}[{}]{}", missing.fact.substr(0, at), site.get("code").word(),
                                           missing.fact.substr(at + any.size()));
      if (site.get("facility_owner").is_known() || asked_.contains(fact)) continue;
      missing.fact = fact;
      return;
    }
  }

  /// A line of standard input, or nothing at its end and when the person wants to stop.
  static std::optional<std::string> line() {
    std::string text;
    if (!std::getline(std::cin, text) || text == "q" || text == "quit") return std::nullopt;
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string::npos) return std::string();
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
  }

  /// Asks until the answer fits; false when it was passed over, nothing at the end of the talk.
  std::optional<bool> ask(const Missing& missing) {
    const SchemaSet& schemas = session_.catalogue().schemas();
    const Type& type = schemas.type_of(*settable(schemas, missing.fact));
    fmt::print(stderr, "\n{}  (would settle {:.1f} % of what is open; {} facts are)\n  for {}\n  {}\n", missing.fact,
               missing.closes * 100, left_, fmt::join(missing.decides, ", "), form_of(type, schemas));
    while (true) {
      fmt::print(stderr, "answer (empty: pass over, unknown: nobody can tell, q: stop) > ");
      const auto answer = line();
      if (!answer) return std::nullopt;
      if (answer->empty()) return false;
      if (keep(missing.fact, type, *answer)) return true;
    }
  }

  /// Puts an answer into the overlay if the whole still checks; says what is wrong with it if not.
  bool keep(const std::string& fact, const Type& type, std::string answer) {
    // That nobody can tell is no fact: it is kept beside the source, and what is known in part stays.
    const bool nobody_tells = answer == "unknown";
    if (type.kind == Type::Kind::list && !answer.starts_with('[')) answer = fmt::format("[{}]", answer);
    SourceMap& sources = session_.catalogue().sources();
    Diagnostics found;
    const auto value = read_yaml(sources, sources.add({"answer", answer, {}, false}), found);
    Node next = root_;
    if (value) {
      if (!nobody_tells) set(map_under(next, "set"), fact, *value);
      Node about;
      about.kind = Node::Kind::map;
      set(about, "source", text_node(source_));
      if (nobody_tells) set(about, "note", text_node("asked, and not known"));
      set(about, "confidence", text_node("claim"));
      set(map_under(next, "about"), fact, std::move(about));
      // Sources stand last, as in other files.
      Node named = map_under(next, "sources");
      erase_if(next.members, [](const Member& member) { return member.key == "sources"; });
      set(named, source_, source_entry_);
      set(next, "sources", std::move(named));
    }
    const std::string text = fmt::format("# sovrisk assess {} --what-if {}\n{}", request_.offering, path_,
                                         value ? write_yaml(next) : std::string());
    std::shared_ptr<Document> document;
    if (value) document = checked(text, found);
    if (found.has_errors()) {
      for (const Diagnostic& problem : found.all())
        fmt::print(stderr, "  {}{}{}\n", printable(problem.message), problem.hint.empty() ? "" : "; ",
                   printable(problem.hint));
      return false;
    }
    write_file(path_, text);
    root_ = std::move(next);
    std::erase(request_.overlays, kept_.get());
    kept_ = std::move(document);
    request_.overlays.push_back(kept_.get());
    return true;
  }

  /// The overlay as it would be read again from its file.
  std::shared_ptr<Document> checked(const std::string& text, Diagnostics& found) {
    Catalogue& catalogue = session_.catalogue();
    const FileId file = catalogue.sources().add({path_, text, {}, false});
    auto root = read_yaml(catalogue.sources(), file, found);
    if (!root) return nullptr;
    catalogue.schemas().check(*root, *catalogue.schemas().find("overlay.schema.json"), found);
    auto document = std::make_shared<Document>();
    document->kind = "overlay";
    document->id = root->text_of("id");
    document->title = root->text_of("title");
    document->file = file;
    document->root = std::move(*root);
    if (!found.has_errors()) check_meaning(*document, catalogue, engine_->groups(), found);
    return document;
  }

  /// Every answer names what it rests on: asked once a talk, unless --source says it.
  bool has_source() {
    if (!source_.empty()) return true;
    std::string title = options_.source;
    if (title.empty()) {
      fmt::print(stderr, "what do the answers of this talk rest on (a letter, a contract, a page)? > ");
      title = line().value_or("");
      if (title.empty()) {
        fmt::print(stderr, "  an answer without a source is not kept\n");
        return false;
      }
    }
    std::size_t count = 1;
    if (const Node* sources = root_.find("sources")) {
      for (const Member& member : sources->members)
        if (member.value.text_of("title") == title) source_ = member.key;
      count += sources->members.size();
    }
    if (source_.empty()) source_ = fmt::format("answers-{}", count);
    source_entry_.kind = Node::Kind::map;
    set(source_entry_, "title", text_node(title));
    set(source_entry_, "seen", text_node(request_.as_of.text()));
    set(source_entry_, "kind", text_node("claim"));
    return true;
  }

  void close(std::size_t answers) const {
    fmt::print(stderr, "\n{} answer{} kept{}; {} fact{} still open\n", answers, answers == 1 ? "" : "s",
               answers > 0 ? fmt::format(" in {}", path_) : "", left_, left_ == 1 ? " is" : "s are");
    if (!of_workload_.empty()) fmt::print(stderr, "for the workload's own file: {}\n", fmt::join(of_workload_, ", "));
    if (std::filesystem::exists(path_))
      fmt::print(stderr, "use it: sovrisk assess {} --what-if {}\n", request_.offering, path_);
  }

  Session& session_;
  const Options& options_;
  const Engine* engine_ = nullptr;
  Request request_;
  std::vector<std::string> rules_;
  std::string path_;
  Node root_;
  std::shared_ptr<const Document> kept_;
  std::set<std::string> asked_;
  std::set<std::string> of_workload_;
  std::size_t left_ = 0;
  std::string source_;
  Node source_entry_;
};

}  // namespace

void setup_interview(CLI::App& command, Common& common) {
  auto options = std::make_shared<Options>();
  command.add_option("OFFERING", options->offering, "id or alias of an offering")->required();
  command
      .add_option("-o,--output", options->file, "overlay to write, or to go on with (default: OFFERING-answers.yaml)")
      ->type_name("FILE")
      ->check(not_empty);
  command.add_option("--source", options->source, "what the answers rest on, such as 'letter of 3 May 2026'")
      ->type_name("TEXT")
      ->check(not_empty);
  add_assessing(command, options->assessing);
  add_common(command, common);
  command.footer(R"(
Questions go to standard error, answers are read from standard input, a line each. Every answer is checked and written
at once; the same command goes on where the last one stopped.

Examples:
  sovrisk interview scaleway --rules secnumcloud --as-of 2026-11-23
  sovrisk interview azure --rules eu-csf -w workload.yaml -o azure-2026.yaml --source 'answers of the bidder, May 2026'
  printf 'FR\nunknown\n' | sovrisk interview clever-cloud --rules hds --source 'our contract')");
  command.callback([options, &common] {
    Session& session = Session::open(common);
    Interview(session, *options).run();
  });
}

}  // namespace sovrisk::cli
