// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>

#include "simulate/format.h"
#include "simulate/imbalance.h"
#include "simulate/report.h"

namespace sluice::simulate {
namespace {

using Json = nlohmann::ordered_json;  // members in the order in which they are written here

std::string_view word_of(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::down:
      return "down";
    case Event::Kind::up:
      return "up";
    case Event::Kind::rests:
      return "rests";
    case Event::Kind::recovered:
      break;
  }
  return "recovered";
}

Json event_json(const Scenario& scenario, const Event& event) {
  return {{"event", word_of(event.kind)},
          {"peer", scenario.peers[event.peer].server.address},
          {"request", event.request},
          {"time_us", event.time.count()}};
}

Json events_json(const Scenario& scenario, const std::vector<Event>& events) {
  Json list = Json::array();
  for (const Event& event : events) {
    list.push_back(event_json(scenario, event));
  }
  return list;
}

Json peers_json(const Scenario& scenario, const Result& result) {
  Json list = Json::array();
  for (std::size_t i = 0; i < result.peers.size(); ++i) {
    const PeerResult& peer = result.peers[i];
    list.push_back({{"peer", scenario.peers[i].server.address},
                    {"answered", peer.answered},
                    {"refused", peer.failed},
                    {"mean_us", mean(peer.waited, peer.answered).count()}});
  }
  return list;
}

Json affinity_json(const Scenario& scenario, const Result& result) {
  if (result.unit == Unit::none) {
    return nullptr;
  }
  Json moves = Json::array();
  for (const Move& move : result.moves) {
    moves.push_back({{"because", events_json(scenario, move.causes)},
                     {"seen", move.seen},
                     {"moved", move.moved},
                     {"forced", move.forced}});
  }
  Json changes = Json::array();
  for (const Change& change : result.changes) {
    changes.push_back(
        {{"configuration", change.text}, {"moved", change.moved}, {"least", change.least}});
  }
  return {
      {"of", name_of(result.unit)}, {"count", result.units}, {"returning", result.returning},
      {"stayed", result.stayed},    {"moved", moves},        {"configuration_changes", changes}};
}

Json result_json(const Scenario& scenario, const Result& result) {
  Json resting = Json::array();
  for (const std::size_t peer : result.still_resting) {
    resting.push_back(scenario.peers[peer].server.address);
  }
  return {{"method", result.method},
          {"first_picks", picks_text(scenario, result)},
          {"virtual_time_us", result.duration.count()},
          {"requests", result.requests},
          {"answered", result.answered},
          {"failed", result.unanswered},
          {"next_peer", result.next_peer},
          {"response_us",
           {{"mean", mean(result.response.sum, result.answered).count()},
            {"p50", result.response.p50.count()},
            {"p99", result.response.p99.count()},
            {"longest", result.response.longest.count()}}},
          {"peers", peers_json(scenario, result)},
          {"imbalance", {{"slice", result.slice}, {"thousandths", result.imbalance}}},
          {"affinity", affinity_json(scenario, result)},
          {"events", events_json(scenario, result.events)},
          {"still_resting", resting},
          {"events_left_out", result.more_events}};
}

}  // namespace

std::string results_json(const Scenario& scenario, const std::vector<Result>& results) {
  const std::vector<std::uint64_t> weights = wanted_weights(scenario);
  Json peers = Json::array();
  for (std::size_t i = 0; i < scenario.peers.size(); ++i) {
    const SimulatedPeer& peer = scenario.peers[i];
    peers.push_back({{"label", peer.label},
                     {"peer", peer.server.address},
                     {"weight", peer.server.weight},
                     {"wanted_weight", weights[i]},
                     {"backup", peer.server.backup},
                     {"down", peer.server.down}});
  }
  Json methods = Json::array();
  for (const Result& result : results) {
    methods.push_back(result_json(scenario, result));
  }
  const Json all{{"upstream", scenario.name()},
                 {"notes", scenario.notes},
                 {"seed", scenario.seed},
                 {"requests", scenario.requests},
                 {"concurrency", scenario.concurrency},
                 {"clients", scenario.workload.clients.size()},
                 {"uris", scenario.workload.uris.size()},
                 {"peers", peers},
                 {"methods", methods}};
  // Names in a configuration may be any bytes; JSON may not.
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sluice::simulate
