// SPDX-License-Identifier: MIT
// Whom the serving process becomes: started as root, serving as `user`, for good; as nobody, when
// none is named.
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <set>
#include <string>

#include "confparse/settings/settings.h"
#include "log/error_log.h"
#include "log/files.h"
#include "net/descriptor.h"

namespace sluice::app {

struct User {
  std::string name;
  uid_t id = 0;
  gid_t group = 0;
};

struct FoundUser {
  std::optional<User> user;  // none: we are not root
  std::string error;         // with its place
};
FoundUser find_user(const confparse::MainSettings& settings);

// What root opened and made is the user's from now on, so that it can be opened again.
void give_to(const User& user, log::Files& files, const std::set<std::string>& temp_folders);
// The logs and folders that a configuration names: made by root, for the user.  The logs, open: he
// may not be let into their folders.
std::map<std::string, net::Descriptor> make_for(const User& user,
                                                const confparse::Settings& settings);

enum class Ports : std::uint8_t {
  none,
  low,  // those below 1024 may still be opened
};
// Sets supplementary groups, group and user.  What failed, or nothing.
std::string become(const User& user, Ports ports, const log::ErrorLog& log);

}  // namespace sluice::app
