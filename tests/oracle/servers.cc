// SPDX-License-Identifier: MIT
#include "tests/oracle/servers.h"

#include <algorithm>
#include <map>

#include "tests/oracle/files.h"

namespace sluice::tests::oracle {
namespace {

constexpr std::string_view kLogMark = "log: ";

class NginxSide final : public Side {
 public:
  explicit NginxSide(const std::string& configuration) {
    listen_ = closed_port();
    listen2_ = closed_port("127.0.0.2");
    auto replaced = words();
    replaced.emplace_back("@listen@", listen_);
    replaced.emplace_back("@listen2@", listen2_);
    nginx_.emplace(replace_all(configuration, replaced));
    folder_ = nginx_->folder().path();
  }

 private:
  [[nodiscard]] std::vector<std::string> printed_lines() const override {
    return nginx_->printed_lines();
  }
  bool wait_for_line(std::string_view text, std::size_t from) override {
    return nginx_->wait_for_line(text, from);
  }

  std::optional<RunningNginx> nginx_;
};

class SluiceSide final : public Side {
 public:
  explicit SluiceSide(const std::string& configuration) {
    auto replaced = words();
    replaced.emplace_back("@listen@", "127.0.0.1:0");
    replaced.emplace_back("@listen2@", "127.0.0.2:0");
    proxy_.emplace(replace_all(configuration, replaced));
    folder_ = proxy_->folder().path();
    for (const std::string& address : proxy_->addresses()) {
      (address.starts_with("127.0.0.1:") ? listen_ : listen2_) = address;
    }
  }

 private:
  [[nodiscard]] std::vector<std::string> printed_lines() const override {
    return proxy_->stderr_lines();
  }
  bool wait_for_line(std::string_view text, std::size_t from) override {
    return proxy_->wait_for_log(text, from).has_value();
  }

  std::optional<RunningProxy> proxy_;
};

std::string port_text(const std::string& address) {
  return address.substr(address.rfind(':') + 1);
}

std::map<std::string, std::unique_ptr<Servers>>& all_servers() {
  static std::map<std::string, std::unique_ptr<Servers>> all;
  return all;
}

}  // namespace

Side::Side() : unix_("unix:" + sockets_.file("peer")) {}

Replacements Side::words() const {
  return {{"@peer@", peer_.address()},
          {"@peer2@", peer2_.address()},
          {"@unix@", unix_.address()},
          {"@root@", files().path()},
          {"@refuses@", refuses_}};
}

Replacements Side::names(const std::string& client_port) const {
  Replacements names{{refuses_, "REFUSES"},       {peer_.address(), "PEER"},
                     {peer2_.address(), "PEER2"}, {unix_.address(), "UNIX"},
                     {listen_, "LISTEN"},         {files().path(), "ROOT"},
                     {folder_, "FOLDER"},         {sockets_.path(), "FOLDER"}};
  for (const std::string& port :
       {port_text(peer_.address()), port_text(peer2_.address()), port_text(listen_), client_port}) {
    names.emplace_back(port, "PORT");
  }
  return names;
}

std::string Side::outcome(const Pair& pair) {
  for (RecordingPeer* peer : {&peer_, &peer2_, &unix_}) peer->answer_with(pair.peer);
  std::vector<std::string> sent;
  for (const std::string& bytes : pair.client) {
    sent.push_back(replace_all(bytes, {{"@listen@", listen_}, {"@port@", port_text(listen_)}}));
  }
  const std::size_t printed_before = printed_lines().size();
  const Conversation conversation = converse(listen_, pair, sent);
  std::vector<std::string> to_peers;
  for (RecordingPeer* peer : {&peer_, &peer2_, &unix_}) {
    for (std::string& bytes : peer->received()) to_peers.push_back(std::move(bytes));
  }
  std::vector<std::string> logged;
  if (pair.configuration.find(kLogMark) != std::string::npos) {
    // The probe's line is waited for as well, or the next row would take it for its own.
    const bool probed = conversation.end == "kept";
    const std::size_t own = std::max<std::size_t>(conversation.answers.size(), 1);
    logged = log_lines(printed_before, own + (probed ? 1 : 0));
    logged.resize(std::min(logged.size(), own));
  }
  return outcome_of(conversation, to_peers, logged, names(conversation.client_port));
}

// The next `count` lines of the access log among what the server prints.
std::vector<std::string> Side::log_lines(std::size_t from, std::size_t count) {
  std::vector<std::string> lines;
  while (lines.size() < count && wait_for_line(kLogMark, from)) {
    const std::vector<std::string> printed = printed_lines();
    while (printed[from].find(kLogMark) == std::string::npos) ++from;
    lines.push_back(printed[from++]);
  }
  return lines;
}

Servers::Servers(const std::string& configuration)
    : nginx_(std::make_unique<NginxSide>(configuration)),
      sluice_(std::make_unique<SluiceSide>(configuration)) {}

Servers& servers_for(const std::string& configuration) {
  auto& servers = all_servers()[configuration];
  if (!servers) servers = std::make_unique<Servers>(configuration);
  return *servers;
}

void end_all_servers() {
  all_servers().clear();
}

}  // namespace sluice::tests::oracle
