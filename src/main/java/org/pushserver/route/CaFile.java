// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.pushserver.pem.Pem;
import org.pushserver.pem.Pem.PemException;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Problem;

/** The file of authorities that an application trusts in addition to the system's. */
public final class CaFile {
  private CaFile() {}

  /**
   * Reads the file that a setting names; what else is in it is ignored. Worker thread.
   *
   * @param errors told what is wrong with it
   * @return empty when there is none, or something is wrong
   */
  public static Optional<PemTrustOptions> read(
      AppConfig config, String setting, Consumer<Problem> errors) {
    Optional<Path> file = config.path(setting);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      List<X509Certificate> authorities = Pem.readCertificates(file.get());
      return Optional.of(new PemTrustOptions().addCertValue(Buffer.buffer(Pem.write(authorities))));
    } catch (PemException e) {
      errors.accept(config.error(setting, e.getMessage()));
      return Optional.empty();
    }
  }
}
