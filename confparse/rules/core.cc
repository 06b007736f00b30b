// SPDX-License-Identifier: MIT
// What a location may say about clients and files: timeouts, sizes, root, index, types.
#include <algorithm>
#include <array>

#include "confparse/rules/setters.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

void set_server_tokens(Line& line) {
  constexpr std::array<std::string_view, 3> kChoices{"off", "on", "build"};
  line.part<CoreSettings>().server_tokens = static_cast<ServerTokens>(line.choice(0, kChoices));
}

void set_internal(Line& line) {
  line.part<CoreSettings>().internal = true;
}

// A variable in front is as good as absolute: nginx adds no prefix to it.
void set_root(Line& line) {
  for (const std::string_view own : {"document_root", "realpath_root"}) {
    for (const std::string& spelled : {"$" + std::string(own), "${" + std::string(own) + "}"}) {
      if (line.word(0).find(spelled) != std::string::npos) {
        line.fail_at(
            0, "the $" + std::string(own) + " variable cannot be used in the \"root\" directive");
      }
    }
  }
  std::string root = line.text_with_variables(0).value;
  if (root.size() > 1 && root.ends_with('/')) {
    root.pop_back();
  }
  line.part<CoreSettings>().root = root.starts_with('$') ? root : line.path_below_prefix(root);
}

// Several `index` lines of a block make one list.
void set_index(Line& line) {
  auto& index = line.part<CoreSettings>().index;
  if (line.scope().first_use(&index)) {
    index.clear();
  }
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line.word(i).empty()) {
      line.fail_at(i, "index \"\" in \"index\" directive is invalid");
    }
    if (line.word(i).starts_with('/') && i + 1 < line.size()) {
      line.warn(line.text(i).position,
                "only the last index in \"index\" directive should be absolute");
    }
    index.push_back(line.text_with_variables(i).value);
  }
}

void set_if_modified_since(Line& line) {
  constexpr std::array<std::string_view, 3> kChoices{"off", "exact", "before"};
  line.part<CoreSettings>().if_modified_since =
      static_cast<IfModifiedSince>(line.choice(0, kChoices));
}

void set_max_ranges(Line& line) {
  line.part<CoreSettings>().max_ranges = line.number(0);
}

// `types { text/html html htm; }` replaces what was inherited; a second block adds to the first.
void set_types(Line& line) {
  using Types = std::map<std::string, std::string, std::less<>>;
  auto& shared = line.part<CoreSettings>().types;
  const bool fresh = line.scope().first_use(&shared);
  Types types = fresh || shared == nullptr ? Types{} : *shared;
  for (const Directive& row : line.directive().children) {
    if (row.has_block) {
      throw ConfigError(row.end, "unexpected \"{\"", "expected \"type extension ...;\"");
    }
    for (const Word& word : row.args) {
      std::string extension = word.text;
      std::ranges::transform(extension, extension.begin(), lower_case);
      const auto [known, added] = types.try_emplace(std::move(extension), row.name.text);
      if (!added) {
        line.warn(word.position, "duplicate extension \"" + word.text + "\", content type: \"" +
                                     row.name.text + "\", previous content type: \"" +
                                     known->second + "\"");
        known->second = row.name.text;
      }
    }
  }
  shared = std::make_shared<const Types>(std::move(types));
}

constexpr std::array kRules{
    Rule{"client_max_body_size", kAnyHttp, takes(1), offset<&CoreSettings::client_max_body_size>},
    Rule{"client_body_timeout", kAnyHttp, takes(1), duration<&CoreSettings::client_body_timeout>},
    Rule{"send_timeout", kAnyHttp, takes(1), duration<&CoreSettings::send_timeout>},
    Rule{"server_tokens", kAnyHttp, takes(1), set_server_tokens, 0, "on"},
    Rule{"chunked_transfer_encoding", kAnyHttp, takes(1),
         flag<&CoreSettings::chunked_transfer_encoding>},
    Rule{"internal", kLocation, takes(0), set_internal},
    Rule{"absolute_redirect", kAnyHttp, takes(1), flag<&CoreSettings::absolute_redirect>},
    Rule{"port_in_redirect", kAnyHttp, takes(1), flag<&CoreSettings::port_in_redirect>},
    Rule{"server_name_in_redirect", kAnyHttp, takes(1),
         flag<&CoreSettings::server_name_in_redirect>},
    Rule{"tcp_nodelay", kAnyHttp, takes(1), flag<&CoreSettings::tcp_nodelay>},
    Rule{"etag", kAnyHttp, takes(1), flag<&CoreSettings::etag>},
    Rule{"if_modified_since", kAnyHttp, takes(1), set_if_modified_since, 0, "exact"},
    Rule{"max_ranges", kAnyHttp, takes(1), set_max_ranges, 0, "no limit"},
    Rule{"root", kAnyHttp, takes(1), set_root, 0, "html"},
    Rule{"index", kAnyHttp, takes(1, kAnyNumber), set_index, kRepeats, "index.html"},
    Rule{"default_type", kAnyHttp, takes(1), word<&CoreSettings::default_type>},
    Rule{"types", kAnyHttp, block(0), set_types, kRepeats,
         "text/html html; image/gif gif; image/jpeg jpg"},
};

}  // namespace

std::span<const Rule> core_rules() {
  return kRules;
}

}  // namespace sluice::confparse
