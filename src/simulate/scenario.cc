// SPDX-License-Identifier: MIT
#include "simulate/scenario.h"

#include <algorithm>
#include <set>

#include "confparse/suggest.h"
#include "simulate/error.h"
#include "simulate/group.h"
#include "simulate/method.h"
#include "simulate/request_keys.h"

namespace sluice::simulate {
namespace {

std::string list_of(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) {
    text += (text.empty() ? "" : ", ") + std::string(name);
  }
  return text;
}

const confparse::UpstreamSettings& find_upstream(
    const std::string& wanted, const std::vector<confparse::UpstreamSettings>& upstreams,
    const std::string& file, std::vector<std::string>& notes) {
  if (upstreams.empty()) {
    throw Error("no \"upstream\" block in " + file + ": nothing to simulate");
  }
  std::vector<std::string_view> names;
  for (const confparse::UpstreamSettings& upstream : upstreams) {
    if (upstream.name == wanted) {
      return upstream;
    }
    names.push_back(upstream.name);
  }
  if (wanted.empty()) {
    if (upstreams.size() > 1) {
      notes.push_back(
          "the first of " + std::to_string(upstreams.size()) +
          " upstreams; the others with --upstream: " + list_of({names.begin() + 1, names.end()}));
    }
    return upstreams.front();
  }
  const std::string near = confparse::did_you_mean(wanted, names);
  throw Error("no upstream \"" + wanted + "\" in " + file + "; " +
              (near.empty() ? "there is " + list_of(names) : near));
}

// 0 → "A", 25 → "Z", 26 → "AA", as a spreadsheet names its columns.
std::string label_of(std::size_t number) {
  std::string label;
  for (++number; number > 0; number = (number - 1) / 26) {
    label.insert(label.begin(), static_cast<char>('A' + (number - 1) % 26));
  }
  return label;
}

std::size_t find_peer(const std::string& wanted, const std::vector<SimulatedPeer>& peers,
                      const std::string& option) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < peers.size(); ++i) {
    if (peers[i].server.address == wanted) {
      return i;
    }
    names.push_back(peers[i].server.address);
  }
  const auto labelled = std::ranges::find(peers, wanted, &SimulatedPeer::label);
  if (labelled != peers.end()) {
    return static_cast<std::size_t>(labelled - peers.begin());
  }
  const std::string near = confparse::did_you_mean(wanted, names);
  throw Error("no peer \"" + wanted + "\" for option \"" + option + "\"; " +
              (near.empty() ? "there is " + list_of(names) : near));
}

void add_peers(Scenario& scenario) {
  std::vector<std::string_view> unresolved;
  for (const confparse::UpstreamServer& server : scenario.methods.front().servers) {
    scenario.peers.push_back({label_of(scenario.peers.size()), server});
    if (is_name(server)) {
      unresolved.push_back(server.address);
    }
  }
  if (!unresolved.empty()) {
    scenario.notes.push_back("names are not looked up, each is one peer: " + list_of(unresolved));
  }
}

void add_methods(Scenario& scenario, const std::vector<std::string>& compared) {
  std::set<std::string> known{method_name(scenario.methods.front())};
  for (const std::string& method : compared) {
    confparse::UpstreamSettings settings = with_method(scenario.methods.front(), method);
    if (known.insert(method_name(settings)).second) {
      scenario.methods.push_back(std::move(settings));
    }
  }
}

void note_what_is_left_out(Scenario& scenario) {
  const confparse::UpstreamSettings& settings = scenario.methods.front();
  if (settings.sticky.kind != confparse::StickySettings::Kind::none) {
    scenario.notes.push_back("sticky is not simulated: no request is bound to a peer");
  }
  if (settings.queue.most > 0) {
    scenario.notes.push_back("queue is not simulated: when all peers are full, a request gets 502");
  }
}

void note_unknown_variables(Scenario& scenario) {
  std::set<std::string> names;
  for (const confparse::UpstreamSettings& method : scenario.methods) {
    const RequestKeys keys(method, scenario.workload);
    names.insert(keys.unknown().begin(), keys.unknown().end());
  }
  for (const std::string& name : names) {
    scenario.notes.push_back("$" + name + " is not simulated: the client's address stands for it");
  }
}

}  // namespace

Scenario make_scenario(const Options& options,
                       const std::vector<confparse::UpstreamSettings>& upstreams,
                       const std::string& file) {
  Scenario scenario;
  scenario.methods.push_back(find_upstream(options.upstream, upstreams, file, scenario.notes));
  add_peers(scenario);
  add_methods(scenario, options.compare);
  for (const DownOption& down : options.down) {
    scenario.down.push_back({find_peer(down.peer, scenario.peers, "--down"), down.window});
  }
  for (const SlowOption& slow : options.slow) {
    scenario.slow.push_back(
        {find_peer(slow.peer, scenario.peers, "--slow"), slow.window, slow.service_time});
  }
  scenario.workload = make_workload(options);
  scenario.requests = options.requests;
  scenario.concurrency = std::min(options.concurrency, options.requests);
  scenario.parallel = options.parallel;
  scenario.jitter = options.jitter;
  scenario.seed = options.seed;
  note_unknown_variables(scenario);
  note_what_is_left_out(scenario);
  return scenario;
}

}  // namespace sluice::simulate
