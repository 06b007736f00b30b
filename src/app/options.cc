// SPDX-License-Identifier: MIT
#include "app/options.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace sluice::app {
namespace {

constexpr std::array<std::string_view, 4> kSignals{"stop", "quit", "reopen", "reload"};

}  // namespace

ParsedOptions parse_options(int argc, char** argv) {
  ParsedOptions result;
  Options& options = result.options;
  if (argc == 2 && std::string_view{argv[1]} == "--rules") {
    options.rules = true;
    return result;
  }
  ::opterr = 0;
  ::optind = 0;  // glibc then begins anew, also amid the letters of a word
  for (int letter = 0; (letter = ::getopt(argc, argv, ":?hvVtTqs:p:e:c:g:")) != -1;) {
    switch (letter) {
      case '?':
        // getopt says '?' for "-?" itself and for a letter it does not know.
        if (::optopt != 0 && ::optopt != '?') {
          result.error = std::string("invalid option: \"") + static_cast<char>(::optopt) + "\"";
          return result;
        }
        options.help = true;
        break;
      case 'h':
        options.help = true;
        break;
      case 'v':
        options.version = true;
        break;
      case 'V':
        options.version_and_build = true;
        break;
      case 't':
        options.test = true;
        break;
      case 'T':
        options.test = options.dump = true;
        break;
      case 'q':
        options.quiet = true;
        break;
      case 'p':
        options.prefix = ::optarg;
        break;
      case 'e':
        options.error_log = ::optarg;
        break;
      case 'c':
        options.file = ::optarg;
        break;
      case 'g':
        options.directives = ::optarg;
        break;
      case 's':
        options.signal = ::optarg;
        if (std::ranges::find(kSignals, options.signal) == kSignals.end()) {
          result.error = "invalid option: \"-s " + options.signal + "\"";
          return result;
        }
        break;
      default:
        result.error = std::string("option \"-") + static_cast<char>(::optopt) + "\" requires " +
                       (::optopt == 'c' || ::optopt == 'e' ? "file name"
                        : ::optopt == 'p'                  ? "directory name"
                                                           : "parameter");
        return result;
    }
  }
  if (::optind < argc) {
    result.error = std::string("invalid option: \"") + argv[::optind] + "\"";
  }
  return result;
}

std::string help_text() {
  return version_text() +
         "Usage: sluice [-?hvVtTq] [-s signal] [-p prefix]\n"
         "              [-e filename] [-c filename] [-g directives]\n"
         "       sluice simulate --help\n"
         "\n"
         "Options:\n"
         "  -?,-h         : this help\n"
         "  -v            : show version and exit\n"
         "  -V            : show version and what is built in, then exit\n"
         "  -t            : test configuration and exit; needs no rights, binds nothing\n"
         "  -T            : test configuration, dump it and exit\n"
         "  -q            : suppress non-error messages during configuration testing\n"
         "  -s signal     : send signal to the running process: stop, quit, reopen, reload\n"
         "  -p prefix     : set prefix path (default: /usr/share/nginx/)\n"
         "  -e filename   : set error log file (default: /var/log/nginx/error.log)\n"
         "  -c filename   : set configuration file (default: /etc/nginx/nginx.conf)\n"
         "  -g directives : set global directives out of configuration file\n"
         "  --rules       : print every directive that is known, as Markdown\n";
}

std::string version_text() {
  return "nginx version: nginx/1.31.3 (sluice/" SLUICE_VERSION ")\n";
}

std::string version_and_build_text() {
  // nginx's own spelling, and only what is true: modules that a stock nginx has and this one has
  // not are named as left out.
  return version_text() +
         "built by g++ " __VERSION__
         "\n"
         "regular expressions: RE2, and PCRE2 for what RE2 has not\n"
         "configure arguments: --prefix=/usr/share/nginx --conf-path=/etc/nginx/nginx.conf "
         "--error-log-path=/var/log/nginx/error.log --http-log-path=/var/log/nginx/access.log "
         "--pid-path=/run/nginx.pid --with-threads --without-http_access_module "
         "--without-http_auth_basic_module --without-http_autoindex_module "
         "--without-http_browser_module --without-http_charset_module "
         "--without-http_empty_gif_module --without-http_fastcgi_module "
         "--without-http_geo_module --without-http_grpc_module --without-http_gzip_module "
         "--without-http_limit_conn_module --without-http_limit_req_module "
         "--without-http_map_module --without-http_memcached_module "
         "--without-http_mirror_module --without-http_referer_module "
         "--without-http_rewrite_module --without-http_scgi_module "
         "--without-http_split_clients_module --without-http_ssi_module "
         "--without-http_userid_module --without-http_uwsgi_module\n";
}

}  // namespace sluice::app
