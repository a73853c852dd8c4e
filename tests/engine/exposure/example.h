// A small offering with its entities, assessed under the shipped laws.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "assess/assessment.h"
#include "support.h"

namespace sovrisk::testing {

/// Somebody whose shares are spread, so that nobody stands behind: facts that leave nothing open.
inline std::string spread(const std::string& id, const std::string& country, const std::string& more = {}) {
  return fmt::format(
      "format: sovrisk-entity/1\nid: {0}\nname: {0}\nkind: company\nincorporated_in: {1}\nhead_office_in: {1}\n"
      "established_in: [{1}]\nserves: [{1}]\nstakes: []\nfloat: {{dispersed: true}}\ncontrol_rights: []\nlisted_by: "
      "[]\n{2}",
      id, country, more);
}

/// A company with the given `stakes`.
inline std::string held(const std::string& id, const std::string& country, const std::string& stakes,
                        const std::string& more = "control_rights: []\n") {
  return fmt::format(
      "format: sovrisk-entity/1\nid: {0}\nname: {0}\nkind: company\nincorporated_in: {1}\nhead_office_in: "
      "{1}\nestablished_in: [{1}]\nserves: [{1}]\nstakes: {2}\nlisted_by: []\n{3}",
      id, country, stakes, more);
}

inline std::string person(const std::string& id, const std::string& country) {
  return fmt::format(
      "format: sovrisk-entity/1\nid: {0}\nname: {0}\nkind: person\nincorporated_in: {1}\nlisted_by: []\n", id, country);
}

/// The operator: its country, its holders, and what differs from a purely domestic business.
struct Operator {
  std::string country = "FR";
  std::string stakes = "[{owner: x-people, capital: 100%}]";
  std::string established_in;
  std::string serves = "[FR, DE]";
  std::string control_rights = "[]";

  [[nodiscard]] std::string yaml() const {
    return fmt::format(
        "format: sovrisk-entity/1\nid: x-op\nname: x-op\nkind: company\nprovider: true\nincorporated_in: "
        "{0}\nhead_office_in: {0}\n"
        "established_in: {1}\nserves: {2}\n{3}control_rights: {4}\nlisted_by: []\n",
        country, established_in.empty() ? fmt::format("[{}]", country) : established_in, serves,
        stakes.empty() ? std::string() : fmt::format("stakes: {}\n", stakes), control_rights);
  }
};

struct Example {
  Operator op;
  std::vector<std::string> others;  ///< further entities
  std::string site = "FR";
  std::string facility_owner = "x-op";
  std::string administered_from = "[FR]";
  std::string access = "[{entity: x-op, to: clear}]";
  std::string technology = "[]";
  std::string subprocessors = "[]";
  std::string keys =
      "{custody: provider, provider_override: true, plaintext_at_run_time: true, encryption_at_rest: default}";
  std::string separation = "{}";
  std::string offering_more;  ///< further lines of the offering
  std::string workload_more;  ///< further lines of the workload
  std::string categories = "[identity]";
  std::optional<std::string> offering;  ///< the whole offering, instead of one put together from the above
  bool needs_plaintext = true;
  Date as_of{2026, 11, 23};

  [[nodiscard]] std::string offering_yaml() const {
    if (offering) return *offering;
    return fmt::format(
        "format: sovrisk-offering/1\nid: x-offering\nname: X\nkind: [iaas]\noperator: x-op\ncontracting_party: x-op\n"
        "sites: [{{code: s, country: {}, facility_owner: {}}}]\nstaff: [{{country: {}, privileged: true, nationals_of: "
        "[FR]}}]\n"
        "operations: {{administered_from: {}}}\naccess: {}\ntechnology: {}\nsubprocessors: {}\nkeys: {}\nseparation: "
        "{}\n{}",
        site, facility_owner, op.country, administered_from, access, technology, subprocessors, keys, separation,
        offering_more);
  }
};

/// The assessment of an example, with the world it lives in.
class Assessed {
 public:
  using Look = std::function<void(const Engine&, const Assessment&)>;

  /// `look` sees the whole assessment, which points into a world that goes with this object.
  explicit Assessed(const Example& example, const Look& look = {}) {
    put("entity", person("x-people", "FR"));
    put("entity", example.op.yaml());
    for (const std::string& other : example.others)
      put("entity", other);
    put("offering", example.offering_yaml());
    workload_ =
        world_.document("workload", fmt::format("format: sovrisk-workload/1\nid: w\ntitle: W\ncontroller: {{name: C}}\n"
                                                "data: {{categories: {}, needs_plaintext: {}}}\n{}",
                                                example.categories, example.needs_plaintext, example.workload_more));
    const Engine engine(world_.catalogue, "cnil", world_.diagnostics);
    REQUIRE_MESSAGE(!world_.diagnostics.has_errors(), render_text(world_.diagnostics, world_.sources));
    Request request;
    request.offering = "x-offering";
    request.workload = workload_.get();
    request.as_of = example.as_of;
    Assessment assessment = engine.assess(request);
    for (const Exposure& exposure : assessment.exposures)
      rows_.push_back({exposure.law->id, std::string(exposure.certainty()), exposure.scope, exposure.status,
                       exposure.after_measures, exposure.background, exposure.limited, exposure.least, exposure.most});
    for (const LawConflict& conflict : assessment.law_conflicts)
      conflicts_.push_back({conflict.order->law->id, conflict.against->law->id, conflict.order->scope,
                            std::string(name_of(conflict.certainty))});
    for (const Ahead& ahead : assessment.outlook)
      changes_.push_back(
          {ahead.on ? ahead.on->text() : std::string(), std::string(name_of(ahead.kind)), ahead.subject, ahead.status});
    outlook_end_ = assessment.outlook_end;
    if (look) look(engine, assessment);
  }

  struct Row {
    std::string law;
    std::string certainty;
    std::string scope;
    std::string status;
    std::vector<std::string> after_measures;
    bool background = false;
    bool limited = false;
    Certainty least = Certainty::not_reached;
    Certainty most = Certainty::not_reached;
  };

  /// An order under one law that another law stands against.
  struct Against {
    std::string order;
    std::string against;
    std::string scope;  ///< of the order
    std::string certainty;
  };
  /// What is ahead, as words; without a day `on` is empty.
  struct Change {
    std::string on;
    std::string kind;
    std::string subject;
    std::string status;
  };

  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
  [[nodiscard]] const std::vector<Against>& conflicts() const { return conflicts_; }
  [[nodiscard]] const std::vector<Change>& changes() const { return changes_; }
  [[nodiscard]] Date outlook_end() const { return outlook_end_; }
  [[nodiscard]] const Row* row(const std::string& law, const std::string& scope, bool limited = false) const {
    for (const Row& row : rows_)
      if (row.law == law && row.scope == scope && row.limited == limited) return &row;
    return nullptr;
  }
  /// "certain", "arguable", "unknown", "not-reached", or "no row" where the law has none of that scope.
  [[nodiscard]] std::string certainty(const std::string& law, const std::string& scope) const {
    const Row* found = row(law, scope);
    return found != nullptr ? found->certainty : "no row";
  }
  /// The only certainty that a law's rows have, or all of them.
  [[nodiscard]] std::string of(const std::string& law) const {
    std::string all;
    for (const Row& row : rows_) {
      if (row.law != law || all == row.certainty) continue;
      all += (all.empty() ? "" : ", ") + row.certainty;
    }
    return all;
  }
  /// Holds for laws without any foothold.
  void check_not_reached(std::initializer_list<const char*> laws) const {
    for (const char* law : laws) {
      CAPTURE(std::string(law));
      CHECK(of(law) == "not-reached");
    }
  }

 private:
  void put(const char* kind, const std::string& text) { world_.catalogue.put(world_.document(kind, text)); }

  World world_;
  std::shared_ptr<const Document> workload_;
  std::vector<Row> rows_;
  std::vector<Against> conflicts_;
  std::vector<Change> changes_;
  Date outlook_end_;
};

}  // namespace sovrisk::testing
