// SPDX-License-Identifier: MIT
// What the lines of a block may write to, and what one whole load shares.
#pragma once

#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "confparse/find_rule.h"
#include "confparse/load.h"

namespace sluice::confparse {

// A shared memory zone as nginx has it; here there is one process, and only the words are checked.
struct Zone {
  Text name;
  std::uint64_t size = 0;  // 0: not said yet
};

// Shared by all blocks of one load().
struct Loading {
  const LoadRequest& request;
  const RuleBook& rules;
  Settings& settings;
  std::vector<Warning> warnings = {};
  std::vector<Text> formats_used = {};  // by access_log; a log_format may come after its use
  std::vector<Zone> zones = {};
};

// One block while its lines are applied.  A part that the context does not have is null.  Blocks
// below it get a copy that points to copies of the inherited parts: nothing is ever merged.
struct Scope {
  Loading& loading;
  Contexts context = kMain;  // one bit
  EventsSettings* events = nullptr;
  HttpSettings* http = nullptr;
  ConnectionSettings* connection = nullptr;
  ServerBlock* server = nullptr;
  LocationSettings* location = nullptr;             // of http, server or location
  Content* content = nullptr;                       // of server or location
  const LocationBlock* here = nullptr;              // the location block itself
  std::vector<LocationBlock>* locations = nullptr;  // where the next inner location goes
  UpstreamSettings* upstream = nullptr;
  std::set<const void*> used = {};  // rows and lists this block has set already

  // Is this the first use in this block?  `mark` is a row, or a list that several rows fill.
  bool first_use(const void* mark) { return used.insert(mark).second; }

  // The part a field belongs to, so that a row need name the field only.
  template <class Part>
  Part& part() const {
    if constexpr (std::is_same_v<Part, MainSettings>) {
      return loading.settings.main;
    } else if constexpr (std::is_same_v<Part, EventsSettings>) {
      return *events;
    } else if constexpr (std::is_same_v<Part, ConnectionSettings>) {
      return *connection;
    } else if constexpr (std::is_same_v<Part, CoreSettings>) {
      return location->core;
    } else if constexpr (std::is_same_v<Part, ProxySettings>) {
      return location->proxy;
    } else if constexpr (std::is_same_v<Part, HeaderSettings>) {
      return location->headers;
    } else if constexpr (std::is_same_v<Part, TransferSettings>) {
      return location->transfer;
    } else if constexpr (std::is_same_v<Part, ResolverSettings>) {
      return location->resolver;
    } else if constexpr (std::is_same_v<Part, LogSettings>) {
      return location->log;
    } else if constexpr (std::is_same_v<Part, RealIpSettings>) {
      return location->real_ip;
    } else if constexpr (std::is_same_v<Part, UpstreamSettings>) {
      return *upstream;
    } else {
      static_assert(std::is_same_v<Part, void>, "no scope has this part");
    }
  }
};

// Applies the lines of a block to `scope`: the plain ones first, so that their order does not
// matter to the blocks inside, which are entered then.
void apply_block(const std::vector<Directive>& lines, Scope& scope);

}  // namespace sluice::confparse
