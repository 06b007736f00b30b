// SPDX-License-Identifier: MIT
#include <algorithm>
#include <numeric>

#include "simulate/format.h"
#include "simulate/imbalance.h"
#include "simulate/report.h"

namespace sluice::simulate {
namespace {

std::string measures_table(const std::vector<Result>& results) {
  std::vector<Row> rows{
      {"method", "mean", "p50", "p99", "502", "next peer", "imbalance", "stayed", "virtual time"}};
  for (const Result& result : results) {
    const std::uint32_t highest = result.imbalance.empty() ? 0 : std::ranges::max(result.imbalance);
    rows.push_back({result.method, milliseconds(mean(result.response.sum, result.answered)),
                    milliseconds(result.response.p50), milliseconds(result.response.p99),
                    grouped(result.unanswered), grouped(result.next_peer),
                    thousandths_as_percent(highest), percent(result.stayed, result.returning),
                    seconds(result.duration)});
  }
  return table(rows, "lrrrrrrrr");
}

// A column a peer; with very many of them the line is long, and still right.
std::string shares_table(const Scenario& scenario, const std::vector<Result>& results) {
  const std::vector<std::uint64_t> weights = wanted_weights(scenario);
  const std::uint64_t total = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  std::vector<Row> rows{{"share got"}, {"wanted by weight"}};
  std::string alignment = "l";
  for (std::size_t peer = 0; peer < scenario.peers.size(); ++peer) {
    rows[0].push_back(scenario.peers[peer].label);
    rows[1].push_back(percent(weights[peer], total));
    alignment += 'r';
  }
  for (const Result& result : results) {
    Row& row = rows.emplace_back(Row{result.method});
    for (const PeerResult& peer : result.peers) {
      row.push_back(percent(peer.answered, result.answered));
    }
  }
  return table(rows, alignment);
}

// "B went, C came".
std::string causes_of(const Scenario& scenario, const Result& result, const Move& move) {
  std::string text;
  for (const Event& cause : move.causes) {
    const bool went = cause.kind == Event::Kind::down;
    const bool rests =
        std::ranges::find(result.still_resting, cause.peer) != result.still_resting.end();
    text += (text.empty() ? "" : ", ") + scenario.peers[cause.peer].label +
            (went    ? " went"
             : rests ? " came, still rests"
                     : " came");
  }
  return text;
}

std::string moves_table(const Scenario& scenario, const std::vector<Result>& results) {
  std::vector<Row> rows;
  for (const Result& result : results) {
    const auto add = [&](const std::string& why, std::uint64_t moved, std::uint64_t all) {
      rows.push_back(
          {result.method, why,
           grouped(moved) + " of " + grouped(all) + " " + std::string(name_of(result.unit)),
           percent(moved, all)});
    };
    for (const Move& move : result.moves) {
      add(causes_of(scenario, result, move), move.moved, move.seen);
    }
    for (const Change& change : result.changes) {
      add("configuration " + change.text, change.moved, result.units);
    }
  }
  if (rows.empty()) {
    return {};
  }
  rows.insert(rows.begin(), Row{"moved", "", "", ""});
  return "\n" + table(rows, "llrr");
}

std::string sparklines_table(const Scenario& scenario, const std::vector<Result>& results) {
  std::uint32_t highest = 100;
  for (const Result& result : results) {
    for (const std::uint32_t value : result.imbalance) {
      highest = std::max(highest, value);
    }
  }
  std::vector<Row> picks{{"first picks", ""}};
  std::vector<Row> rows{{"imbalance", "of slices of " + grouped(results.front().slice) +
                                          " requests, full height " +
                                          thousandths_as_percent(highest)}};
  for (const Result& result : results) {
    picks.push_back({result.method, picks_text(scenario, result)});
    rows.push_back({result.method, sparkline(result.imbalance, highest)});
  }
  return "\n" + table(picks, "ll") + "\n" + table(rows, "ll");
}

}  // namespace

std::string comparison_text(const Scenario& scenario, const std::vector<Result>& results) {
  std::vector<Row> peers;
  for (const SimulatedPeer& peer : scenario.peers) {
    peers.push_back({peer.label, peer.server.address,
                     "weight " + std::to_string(peer.server.weight),
                     peer.server.down     ? "down"
                     : peer.server.drain  ? "drain"
                     : peer.server.backup ? "backup"
                                          : ""});
  }
  return table(peers, "lllr") + "\n" + measures_table(results) + "\n" +
         shares_table(scenario, results) + moves_table(scenario, results) +
         sparklines_table(scenario, results);
}

}  // namespace sluice::simulate
