// What an assessment says at a place of the dossier, as a digest: a person's entry keeps it, so that a later assessment
// can tell whether what the entry rests on is still so.
#pragma once

#include <string>
#include <vector>

#include "assess/assessment.h"

namespace sovrisk {

/// Gathers what a place rests on, as ids and values: no words of reports, no language, and nothing that moves with the
/// assessment date alone, such as a due date that is counted from it.
class Ground {
 public:
  explicit Ground(const Assessment& assessment) : a_(assessment) {}

  /// Adds what is shown by a word of a form, such as `laws` or `severity illegitimate-access` (docs/dossier.md). False
  /// for a word that rests on nothing, such as `inputs`.
  bool add(const std::string& shown);
  /// Adds the verdict, the duties, the risks, the conditions and the laws that reach: what an opinion or a decision
  /// rests on.
  void add_whole();
  /// Adds how one risk is rated.
  void add_risk(const RiskResult& risk);
  /// Adds that a condition is asked, or not, and when it is due by its rule.
  void add_condition(const std::string& id);
  /// Adds the offering, the data and what the processing does: what an answer rests on that no part of the assessment
  /// speaks of.
  void add_processing();

  /// "g1-" and 16 hex digits of SHA-256; the number changes when the way of gathering does.
  [[nodiscard]] std::string digest() const;

 private:
  void say(const std::string& name, const std::string& value);
  void fact(const std::string& path, const Value& value);
  void fact(const std::string& group, const std::string& key);
  void text(const std::string& name, const Node* node);
  void workload_text(std::string_view key);
  void verdict();
  void conditions();
  void duties();
  void entities();
  void exposures();
  void frameworks();
  void criteria(const std::string& ruleset);
  void measures();
  void risks(const std::string& event);

  const Assessment& a_;
  std::vector<std::string> said_;
};

}  // namespace sovrisk
