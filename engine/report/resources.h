// The resources of a plan or template, as tables and for other programs.
#pragma once

#include <string>
#include <vector>

#include "infra/infrastructure.h"
#include "report/messages.h"
#include "report/page.h"

namespace sovrisk {

/// One object per place of each resource, with the same keys; resources without a place have one with empty ones.
/// Written row by row: a plan may have fifty thousand.
[[nodiscard]] std::string resources_json(const Infrastructure& infrastructure);
/// The same rows for spreadsheets; lists are parted by spaces.
[[nodiscard]] std::string resources_csv(const Infrastructure& infrastructure);

/// A table of the resources, after how many there are and whether that is all.
[[nodiscard]] Page resources_page(const Infrastructure& infrastructure, const Messages& m);

/// How something was found, on one line: "provider.aws: region = var.region; var.region = eu-west-3".
[[nodiscard]] std::string chain_words(const std::vector<Step>& chain);

}  // namespace sovrisk
