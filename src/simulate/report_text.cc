// SPDX-License-Identifier: MIT
#include <algorithm>
#include <numeric>

#include "simulate/format.h"
#include "simulate/imbalance.h"
#include "simulate/report.h"

namespace sluice::simulate {
namespace {

constexpr std::uint64_t kBarWidth = 30;
constexpr std::size_t kMargin = 13;  // of a line's heading

// A heading and its text: "failures    0 of 100".
std::string line(std::string heading, const std::string& text) {
  heading.resize(std::max(heading.size() + 1, kMargin), ' ');
  return heading + text + "\n";
}

std::string named(const Scenario& scenario, std::size_t peer) {
  return scenario.peers[peer].label + " " + scenario.peers[peer].server.address;
}

std::string peers_table(const Scenario& scenario, const Result& result) {
  const std::vector<std::uint64_t> weights = wanted_weights(scenario);
  const std::uint64_t total = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  std::uint64_t most = 0;
  for (const PeerResult& peer : result.peers) {
    most = std::max(most, peer.answered);
  }
  std::vector<Row> rows{
      {"", "peer", "weight", "wanted", "got", "answered", "refused", "mean time", ""}};
  for (std::size_t i = 0; i < result.peers.size(); ++i) {
    const PeerResult& got = result.peers[i];
    const confparse::UpstreamServer& server = scenario.peers[i].server;
    rows.push_back({scenario.peers[i].label, server.address, std::to_string(server.weight),
                    server.down     ? "down"
                    : server.drain  ? "drain"
                    : server.backup ? "backup"
                                    : percent(weights[i], total),
                    percent(got.answered, result.answered), grouped(got.answered),
                    grouped(got.failed),
                    got.answered == 0 ? "-" : milliseconds(mean(got.waited, got.answered)),
                    bar(got.answered, most, kBarWidth)});
  }
  return table(rows, "llrrrrrrl");
}

std::string events_lines(const Scenario& scenario, const Result& result) {
  std::vector<Row> rows;
  for (const Event& event : result.events) {
    rows.push_back({rows.empty() ? "events" : "", "request " + grouped(event.request),
                    seconds(event.time), event_text(scenario, event)});
  }
  if (result.more_events > 0) {
    rows.push_back({"", "", "", "and " + grouped(result.more_events) + " more"});
  }
  for (const std::size_t peer : result.still_resting) {
    rows.push_back({"", "the end", seconds(result.duration),
                    named(scenario, peer) + " still rests: more --requests show it come back"});
  }
  for (Row& row : rows) {
    row[0].resize(kMargin - 2, ' ');
  }
  return table(rows, "llrl");
}

std::string cause_text(const Scenario& scenario, const Move& move) {
  std::string text;
  for (const Event& cause : move.causes) {
    text += (text.empty() ? "" : ", ") + named(scenario, cause.peer) +
            (cause.kind == Event::Kind::down ? " went" : " came");
  }
  return text;
}

std::string moves_lines(const Scenario& scenario, const Result& result) {
  const std::string units(name_of(result.unit));
  std::string text;
  const auto heading = [&] { return text.empty() ? "moved" : ""; };
  for (const Move& move : result.moves) {
    text += line(heading(), cause_text(scenario, move) + ": " + grouped(move.moved) + " of " +
                                grouped(move.seen) + " " + units +
                                (move.forced > 0 ? ", " + grouped(move.forced) + " had to" : ""));
  }
  for (const Change& change : result.changes) {
    text += line(heading(), "configuration " + change.text + ": " + grouped(change.moved) + " of " +
                                grouped(result.units) + " " + units + " would move, " +
                                grouped(change.least) + " are enough");
  }
  return text;
}

}  // namespace

std::string heading_text(const Scenario& scenario) {
  std::string text = "upstream " + scenario.name() + ": " + counted(scenario.requests, "request") +
                     ", " + grouped(scenario.concurrency) + " at a time, " +
                     counted(scenario.workload.clients.size(), "client") + ", " +
                     counted(scenario.workload.uris.size(), "URI") + ", seed " +
                     std::to_string(scenario.seed) + "\n";
  for (const std::string& note : scenario.notes) {
    text += "  note: " + note + "\n";
  }
  return text;
}

std::string picks_text(const Scenario& scenario, const Result& result) {
  const bool apart = scenario.peers.size() > 26;
  std::string text;
  for (const Pick& pick : result.first_picks) {
    std::string label =
        pick.peer < 0 ? "-" : scenario.peers[static_cast<std::size_t>(pick.peer)].label;
    if (pick.failed) {
      std::ranges::transform(label, label.begin(),
                             [](char c) { return static_cast<char>(c - 'A' + 'a'); });
    }
    text += (apart && !text.empty() ? " " : "") + label;
  }
  return text;
}

std::string event_text(const Scenario& scenario, const Event& event) {
  const std::string peer = named(scenario, event.peer);
  const confparse::UpstreamServer& server = scenario.peers[event.peer].server;
  switch (event.kind) {
    case Event::Kind::down:
      return peer + " refuses connections";
    case Event::Kind::up:
      return peer + " accepts connections";
    case Event::Kind::recovered:
      return peer + " is well again";
    case Event::Kind::rests:
      break;
  }
  return peer + " rests for " + std::to_string(server.fail_timeout.count()) +
         " s (max_fails=" + std::to_string(server.max_fails) + ")";
}

std::string result_text(const Scenario& scenario, const Result& result) {
  std::string text =
      line("method", result.method + ", " + seconds(result.duration) + " of virtual time");
  text += line("first picks", picks_text(scenario, result));
  text += "\n" + peers_table(scenario, result) + "\n";
  if (result.answered == 0) {
    return text + line("failures", "no peer took any of " + counted(result.requests, "request")) +
           events_lines(scenario, result);
  }
  const std::uint32_t highest = result.imbalance.empty() ? 0 : std::ranges::max(result.imbalance);
  text += line("imbalance", sparkline(result.imbalance, std::max<std::uint32_t>(highest, 100)) +
                                "  at most " + thousandths_as_percent(highest) + ", slices of " +
                                counted(result.slice, "request"));
  text += line("response", "mean " + milliseconds(mean(result.response.sum, result.answered)) +
                               ", p50 " + milliseconds(result.response.p50) + ", p99 " +
                               milliseconds(result.response.p99) + ", longest " +
                               milliseconds(result.response.longest));
  text += line("failures",
               grouped(result.unanswered) + " of " + grouped(result.requests) +
                   " requests got 502; attempts at a next peer: " + grouped(result.next_peer));
  if (result.unit != Unit::none) {
    text += line("stayed", percent(result.stayed, result.returning) + " of the requests of " +
                               "known " + std::string(name_of(result.unit)) +
                               " went to the peer of the one before");
  }
  return text + moves_lines(scenario, result) + events_lines(scenario, result);
}

}  // namespace sluice::simulate
