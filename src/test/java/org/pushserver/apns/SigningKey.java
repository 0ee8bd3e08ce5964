// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pushserver.pem.Pem;

/** A key as Apple gives it to a developer. */
record SigningKey(ECKey key) {
  static final String KEY_ID = "ABC123DEFG";
  static final String TEAM_ID = "DEF123GHIJ";

  static SigningKey make() throws JOSEException {
    return new SigningKey(new ECKeyGenerator(Curve.P_256).generate());
  }

  String pem() throws JOSEException {
    return Pem.write("PRIVATE KEY", key.toECPrivateKey().getEncoded());
  }

  Path write(Path file) throws JOSEException, IOException {
    return Files.writeString(file, pem());
  }

  /**
   * The same token with its signature in the form that pushy's server reads: DER, where RFC 7518
   * says R and S one after the other.
   */
  static String withDerSignature(String authorization) throws JOSEException {
    int dot = authorization.lastIndexOf('.');
    byte[] concatenated = new Base64URL(authorization.substring(dot + 1)).decode();
    byte[] der = ECDSA.transcodeSignatureToDER(concatenated);
    return authorization.substring(0, dot + 1) + Base64URL.encode(der);
  }
}
