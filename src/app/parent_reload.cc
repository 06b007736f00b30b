// SPDX-License-Identifier: MIT
// A reload, as the parent sees it: read, open, propose; the serving process says yes or no.
#include <algorithm>

#include "app/complain.h"
#include "app/handover.h"
#include "app/parent.h"

namespace sluice::app {

using log::Level;

void Parent::reload() {
  if (proposal_) {
    reload_again_ = true;  // one at a time
    return;
  }
  launch_.notify.reloading();
  proposal_ = propose();
  if (!proposal_) {
    launch_.notify.ready();
    return;
  }
  if (serving_.pid == 0) {
    commit();  // whoever is started next begins with it
    if (std::exchange(wound_down_, false)) {
      restart_at_ = std::chrono::steady_clock::now();
    }
  } else if (!send_proposal()) {
    drop_proposal();
    launch_.notify.ready();
    say(Level::alert, "the serving process takes no news" + std::string(kStays));
  }
}

// Reads the configuration and opens what it wants, as whoever we are: root, perhaps.
std::optional<Parent::Proposal> Parent::propose() {
  try {
    Proposal proposal;
    proposal.settings = confparse::load(launch_.request).settings;
    if (launch_.user) {
      proposal.logs = make_for(*launch_.user, *proposal.settings);
    }
    proposal.log = proxy::open_error_log(proposal.settings->main.error_logs, launch_.files);
    if (serving_.pid == 0) {
      // Nobody is there to say whether it is more than words.
      const auto silent = std::make_shared<log::ErrorLog>(std::vector<log::ErrorLog::Target>{});
      const proxy::Generation trial(proposal.settings, {.files = nullptr, .log = silent});
    }
    Opened opened = open_missing(*proposal.settings, addresses_of(held_), launch_.workers, {});
    if (opened.error.empty()) {
      proposal.fresh = std::move(opened.addresses);
      return proposal;
    }
    say(Level::emerg, opened.error + kStays);
  } catch (const confparse::ConfigError& error) {
    say(Level::emerg, confparse::one_line(error.position(), error.what()) + kStays);
  }
  return std::nullopt;
}

bool Parent::send_proposal() {
  Texts texts;
  for (const auto& file : proposal_->settings->files) {
    texts.emplace(file->path, file->text);
  }
  const net::Descriptor memory = put_in_memory(texts);
  if (!memory) {
    return false;
  }
  for (const ListenSockets& address : proposal_->fresh) {
    if (!send_sockets(serving_.link, address)) {
      return false;
    }
  }
  for (const auto& [path, log] : proposal_->logs) {
    if (!serving_.link.send(Topic::log, path, {log.get()})) {
      return false;
    }
  }
  proposal_->logs.clear();
  return serving_.link.send(Topic::reload, {}, {memory.get()});
}

// What was opened for it is closed.
void Parent::drop_proposal() {
  if (proposal_) {
    remove_files(proposal_->fresh, launch_.predecessor_is_there());
    proposal_.reset();
  }
}

// The new configuration is in force: what only the old one had is closed.
void Parent::commit() {
  if (!proposal_) {
    return;
  }
  launch_.settings = std::move(proposal_->settings);
  launch_.log = std::move(proposal_->log);
  const auto unwanted =
      std::stable_partition(held_.begin(), held_.end(), [this](const ListenSockets& address) {
        return wants(*launch_.settings, address.configured);
      });
  if (new_binary_ == 0) {
    remove_files({unwanted, held_.end()}, launch_.predecessor_is_there());
  }
  held_.erase(unwanted, held_.end());
  std::ranges::move(proposal_->fresh, std::back_inserter(held_));
  proposal_.reset();
  launch_.notify.ready();
}

}  // namespace sluice::app
