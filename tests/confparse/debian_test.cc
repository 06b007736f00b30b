// SPDX-License-Identifier: MIT
// The tree that a distribution installs, in our own words, and the real one where there is one.
#include <gtest/gtest.h>

#include <filesystem>

#include "loading.h"

namespace sluice::confparse {
namespace {

TEST(StockTree, OfADistributionLoads) {
  const TempFolder folder;
  folder.write("modules-enabled/50-echo.conf", "load_module modules/echo.so;\n");
  folder.write("mime.types", "types {\n  text/html html htm shtml;\n  image/png png;\n}\n");
  folder.write("sites-available/default",
               "server {\n"
               "\tlisten 80 default_server;\n"
               "\tlisten [::]:80 default_server;\n"
               "\t# listen 443 ssl default_server;\n"
               "\troot /var/www/html;\n"
               "\tindex index.html index.htm;\n"
               "\tserver_name _;\n"
               "\tlocation / {\n\t\ttry_files $uri $uri/ =404;\n\t}\n"
               "}\n");
  std::filesystem::create_directories(folder.path() + "sites-enabled");
  std::filesystem::create_symlink(folder.path() + "sites-available/default",
                                  folder.path() + "sites-enabled/default");
  const auto main = folder.write("nginx.conf",
                                 "user www-data;\nworker_processes auto;\npid /run/nginx.pid;\n"
                                 "error_log /var/log/nginx/error.log;\n"
                                 "include modules-enabled/*.conf;\n"
                                 "events {\n\tworker_connections 768;\n}\n"
                                 "http {\n\tsendfile on;\n\ttcp_nopush on;\n"
                                 "\ttypes_hash_max_size 2048;\n\tinclude mime.types;\n"
                                 "\tdefault_type application/octet-stream;\n"
                                 "\tssl_protocols TLSv1.2 TLSv1.3; # no older ones\n"
                                 "\tssl_prefer_server_ciphers on;\n"
                                 "\taccess_log /var/log/nginx/access.log;\n\tgzip on;\n"
                                 "\tinclude conf.d/*.conf;\n\tinclude sites-enabled/*;\n}\n");
  const Loaded loaded = load(request_for(main));
  EXPECT_EQ(loaded.settings->http.servers.at(0).listens.size(), 2U);
  EXPECT_EQ(loaded.settings->http.servers.at(0).settings.core.types->at("png"), "image/png");
  EXPECT_EQ(loaded.warnings.size(), 4U);  // load_module, two of ssl_*, gzip
  EXPECT_EQ(loaded.settings->files.size(), 4U);
}

TEST(StockTree, OfThisMachineLoads) {
  const std::string path = "/etc/nginx/nginx.conf";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "no nginx is installed here";
  }
  EXPECT_NO_THROW(load(request_for(path)));
}

}  // namespace
}  // namespace sluice::confparse
