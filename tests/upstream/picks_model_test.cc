// SPDX-License-Identifier: MIT
// Whatever happens to an upstream, its picks are those of the slow model.
#include <iterator>
#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "picks_model.h"
#include "upstream/upstream.h"

namespace sluice::upstream {
namespace {

using namespace std::chrono_literals;
using tests::ModelPeer;
using tests::ModelRequest;
using tests::PicksModel;

// One upstream and its model, of any shape, and any events.
class Story {
 public:
  Story(const char* method, std::uint32_t seed) : method_(method), random_(seed) {
    settings_.name = "group";
    settings_.method = method_;
    if (method_ == "hash") {
      settings_.method_words = {"$request_uri"};
    }
    add_peers();
    std::vector<Upstream::Server> servers;
    for (const confparse::UpstreamServer& server : settings_.servers) {
      servers.push_back({&server, {*net::Address::parse(server.address)}});
    }
    upstream_ = std::make_unique<Upstream>(settings_, servers, 0);
    model_ = std::make_unique<PicksModel>(method_, peers_);
    fails_.resize(peers_.size());
  }

  // Returns how many picks were compared.
  std::size_t tell() {
    for (int event = 0; event < 300 && !testing::Test::HasFailure(); ++event) {
      const std::uint32_t lot = below(100);
      if (lot < 10) {
        now_ += std::chrono::milliseconds(below(2500));
      } else if (lot < 18) {
        const std::size_t peer = below(static_cast<std::uint32_t>(peers_.size()));
        fails_[peer] = !fails_[peer];
      } else if (lot < 40 && !held_.empty()) {
        end_one();
      } else {
        begin_one();
      }
    }
    return picks_;
  }

 private:
  struct Request {
    Tries tries;
    ModelRequest model;
    std::optional<Asked> asked;
    int index = PicksModel::kNobody;
  };

  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(random_() % end); }
  [[nodiscard]] long seconds() const {
    return std::chrono::floor<std::chrono::seconds>(now_.time_since_epoch()).count();
  }

  void add_peers() {
    const std::uint32_t count = 1 + below(6);
    const bool may_have_backups = method_.empty() || method_ == "least_conn";
    for (std::uint32_t i = 0; i < count; ++i) {
      confparse::UpstreamServer server;
      server.address = "127.0.0.1:" + std::to_string(i + 1);
      server.weight = 1 + below(2) * below(9);
      server.max_fails = below(4);
      server.fail_timeout = std::chrono::seconds(below(4));
      server.max_connections = below(3) == 0 ? 1 + below(4) : 0;
      server.down = below(8) == 0;
      server.backup = may_have_backups && i > 0 && below(4) == 0;
      settings_.servers.push_back(server);
      peers_.push_back({.weight = server.weight,
                        .max_fails = server.max_fails,
                        .fail_timeout = static_cast<long>(server.fail_timeout.count()),
                        .max_connections = server.max_connections,
                        .down = server.down,
                        .backup = server.backup});
    }
  }

  std::string bytes(std::size_t size) {
    std::string result;
    while (result.size() < size) {
      result.push_back(static_cast<char>(below(256)));
    }
    return result;
  }

  void begin_one() {
    auto request = std::make_unique<Request>();
    request->model.address = bytes(below(4) == 0 ? 16 : 4);
    request->model.key = below(10) == 0 ? "" : "/" + bytes(1 + below(30));
    request->tries.restart(request->model.address, request->model.key);
    ask_until_held_or_answered(std::move(request));
  }

  void ask_until_held_or_answered(std::unique_ptr<Request> request) {
    while (ask(*request)) {
      if (below(3) == 0) {
        held_.push_back(std::move(request));
        return;
      }
      if (!report(*request)) {
        return;
      }
    }
  }

  // False: there is nobody, or the test has failed.
  bool ask(Request& request) {
    request.asked = upstream_->next(request.tries, now_);
    request.index = model_->next(request.model, seconds());
    const int port = request.asked ? request.asked->endpoint->address.port() - 1 : -1;
    EXPECT_EQ(port, request.index) << "the first is the upstream's, after " << picks_ << " picks";
    ++picks_;
    return request.asked.has_value() && !testing::Test::HasFailure();
  }

  // True when it failed, and another peer is to be asked.
  bool report(const Request& request) {
    const bool failed = fails_[static_cast<std::size_t>(request.index)];
    upstream_->report(*request.asked, {.failed = failed, .now = now_});
    model_->report(request.index, failed, seconds());
    return failed;
  }

  void end_one() {
    const auto which = held_.begin() + below(static_cast<std::uint32_t>(held_.size()));
    std::unique_ptr<Request> request = std::move(*which);
    held_.erase(which);
    if (report(*request)) {
      ask_until_held_or_answered(std::move(request));
    }
  }

  const std::string method_;
  std::mt19937 random_;
  confparse::UpstreamSettings settings_;
  std::vector<ModelPeer> peers_;
  std::unique_ptr<Upstream> upstream_;
  std::unique_ptr<PicksModel> model_;
  std::vector<bool> fails_;
  std::vector<std::unique_ptr<Request>> held_;
  Clock::time_point now_ = Clock::time_point{} + 1000s;
  std::size_t picks_ = 0;
};

class PicksOf : public testing::TestWithParam<const char*> {};

TEST_P(PicksOf, AreThoseOfTheModel) {
  std::size_t picks = 0;
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    picks += Story(GetParam(), seed).tell();
    if (HasFailure()) {
      return;
    }
  }
  EXPECT_GT(picks, 50'000u);
}

INSTANTIATE_TEST_SUITE_P(Methods, PicksOf, testing::Values("", "ip_hash", "hash", "least_conn"),
                         [](const auto& method) {
                           const std::string name = method.param;
                           return name.empty() ? std::string("round_robin") : name;
                         });

}  // namespace
}  // namespace sluice::upstream
