// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.nio.file.Path;

/**
 * Where the files are that general.ini does not contain itself: what it has to say before anything
 * else can be read.
 *
 * @param applicationsFile where applications.ini is
 * @param credentials where relative credential files are; may not exist
 * @param extraApplications where custom application types are; may not exist
 * @param extraPns where custom push services are; may not exist
 */
record Folders(Path applicationsFile, Path credentials, Path extraApplications, Path extraPns) {
  static final String SECTION = "applications";

  /**
   * Reads them.
   *
   * @param directory relative names start there
   */
  static Folders read(SectionReader in, Path directory) {
    return new Folders(
        in.path("config_file", "applications.ini", directory),
        in.path("credentials_folder", "credentials", directory),
        in.path("extra_applications_dir", "applications", directory),
        in.path("extra_pns_dir", "pns", directory));
  }
}
