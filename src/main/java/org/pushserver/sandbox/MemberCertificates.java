// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** What members of a cluster on this machine show each other, as long as a trial takes. */
public final class MemberCertificates {
  private MemberCertificates() {}

  /**
   * Writes a certificate with its key, which all members may show, and the authority's, whose own
   * key nobody has afterwards. Blocks.
   */
  public static void write(Path authority, Path member) throws IOException {
    try {
      Identity made = Identity.authority("CN=Pushserver trial of a cluster");
      Identity shown = made.issueMember("CN=member");
      SandboxFiles.write(authority, PemText.of(made.certificate()));
      SandboxFiles.writeSecret(
          member, PemText.of(shown.certificate()) + PemText.of(shown.keys().getPrivate()));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }
}
