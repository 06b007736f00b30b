// SPDX-License-Identifier: MIT
#include "app/user.h"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "app/complain.h"
#include "confparse/error.h"
#include "net/descriptor.h"

namespace sluice::app {
namespace {

using confparse::LogLevel;

// A folder of temporary files becomes the user's, as in nginx; but /tmp stays everybody's.
void give_folder(const std::string& folder, const User& user) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) == 0 &&
      status.st_uid != user.id && ::chown(folder.c_str(), user.id, user.group) != 0) {
    complain(LogLevel::warn, "chown() \"" + folder + "\" failed " + system_error_text(errno));
  }
}

// What cannot be done here is said by whoever opens it.
net::Descriptor make_log(const std::string& path, const User& user) {
  if (path == "stderr") {
    return {};
  }
  net::Descriptor file{log::open_for_append(path)};
  if (file && log::may_be_given(path, file.get())) {
    [[maybe_unused]] const int done = ::fchown(file.get(), user.id, user.group);
  }
  return file;
}

struct Named {
  std::set<std::string> logs;
  std::set<std::string> folders;
};

void collect(const confparse::LocationSettings& settings, Named& named) {
  for (const confparse::AccessLogSetting& log : settings.log.access_logs) {
    named.logs.insert(log.path);
  }
  for (const confparse::ErrorLogSetting& log : settings.log.error_logs) {
    named.logs.insert(log.path);
  }
  named.folders.insert(settings.transfer.temp_path.value);
  named.folders.insert(settings.transfer.client_body_temp_path.value);
}

void collect(const std::vector<confparse::LocationBlock>& locations, Named& named) {
  for (const confparse::LocationBlock& location : locations) {
    collect(location.settings, named);
    collect(location.locations, named);
  }
}

// The C library has no call for capabilities; libcap is not worth a dependency for one bit.
bool keep_only(std::uint32_t capability) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2] = {};
  data[0].effective = data[0].permitted = 1U << capability;
  return ::syscall(SYS_capset, &header, data) == 0;
}

// Whom nginx serves as when nobody is named.
FoundUser find_nobody() {
  const passwd* entry = ::getpwnam("nobody");
  if (entry == nullptr) {
    return {{}, "getpwnam(\"nobody\") failed: whom to serve as, \"user NAME;\" says"};
  }
  User user{"nobody", entry->pw_uid, entry->pw_gid};
  if (const group* named = ::getgrnam("nogroup")) {
    user.group = named->gr_gid;
  }
  return {std::move(user), {}};
}

}  // namespace

FoundUser find_user(const confparse::MainSettings& settings) {
  if (::geteuid() != 0) {
    return {};
  }
  if (!settings.user) {
    return find_nobody();
  }
  const confparse::UserSetting& wanted = *settings.user;
  const passwd* entry = ::getpwnam(wanted.user.c_str());
  if (entry == nullptr) {
    return {{},
            confparse::explain(wanted.position, "getpwnam(\"" + wanted.user + "\") failed", {})};
  }
  User user{wanted.user, entry->pw_uid, entry->pw_gid};
  if (!wanted.group.empty()) {
    const group* named = ::getgrnam(wanted.group.c_str());
    if (named == nullptr) {
      return {{},
              confparse::explain(wanted.position, "getgrnam(\"" + wanted.group + "\") failed", {})};
    }
    user.group = named->gr_gid;
  }
  return {std::move(user), {}};
}

void give_to(const User& user, log::Files& files, const std::set<std::string>& temp_folders) {
  for (const auto& file : files.all()) {
    file->change_owner(user.id, user.group);
  }
  for (const std::string& folder : temp_folders) {
    give_folder(folder, user);
  }
}

std::map<std::string, net::Descriptor> make_for(const User& user,
                                                const confparse::Settings& settings) {
  Named named;
  for (const confparse::ErrorLogSetting& log : settings.main.error_logs) {
    named.logs.insert(log.path);
  }
  for (const confparse::ServerBlock& server : settings.http.servers) {
    collect(server.settings, named);
    collect(server.locations, named);
  }
  std::map<std::string, net::Descriptor> logs;
  for (const std::string& path : named.logs) {
    if (net::Descriptor file = make_log(path, user)) {
      logs.emplace(path, std::move(file));
    }
  }
  for (const std::string& folder : named.folders) {
    if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) {
      give_folder(folder, user);
    }
  }
  return logs;
}

std::string become(const User& user, Ports ports, const log::ErrorLog& log) {
  if (user.id == 0) {
    ports = Ports::none;  // root that stays root keeps everything
  }
  if (ports == Ports::low) {
    ::prctl(PR_SET_KEEPCAPS, 1);
  }
  const char* step = ::initgroups(user.name.c_str(), user.group) != 0 ? "initgroups"
                     : ::setgid(user.group) != 0                      ? "setgid"
                     : ::setuid(user.id) != 0                         ? "setuid"
                                                                      : nullptr;
  if (step != nullptr) {
    return std::string(step) + "() to \"" + user.name + "\" failed " + system_error_text(errno);
  }
  if (ports == Ports::low && !keep_only(CAP_NET_BIND_SERVICE)) {
    log.write(LogLevel::warn, "cannot keep CAP_NET_BIND_SERVICE " + system_error_text(errno) +
                                  ": a reload cannot open ports below 1024");
  }
  ::prctl(PR_SET_DUMPABLE, 1);  // as nginx: a core file, where the system allows them
  return {};
}

}  // namespace sluice::app
