// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.RequestOptions;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.pushserver.spi.Time;

/** Shows that a report is ours. Confined to one event loop. */
@FunctionalInterface
interface ReportSignature {
  /** Signs nothing. */
  ReportSignature NONE = (report, request) -> {};

  /** Adds a header to the request that brings a report. */
  void sign(Buffer report, RequestOptions request);

  /** Over the report alone, as collectors know it. */
  static ReportSignature ofReport(String secret) {
    Mac mac = mac(secret);
    return (report, request) ->
        request.putHeader(
            "x-pushserver-signature",
            "sha256=" + HexFormat.of().formatHex(mac.doFinal(report.getBytes())));
  }

  /**
   * Over the time and the report, so that nobody can send it again later. Each try has a time of
   * its own.
   *
   * @param secrets one signature with each: while a secret is replaced, both are right
   */
  static ReportSignature ofTimeAndReport(List<String> secrets, Time time) {
    List<Mac> macs = secrets.stream().map(ReportSignature::mac).toList();
    return (report, request) -> {
      String at = Long.toString(time.now() / 1_000);
      byte[] signed = Buffer.buffer(at).appendString(".").appendBuffer(report).getBytes();
      request.putHeader(
          "pushserver-signature",
          macs.stream()
              .map(mac -> ",v1=" + HexFormat.of().formatHex(mac.doFinal(signed)))
              .collect(Collectors.joining("", "t=" + at, "")));
    };
  }

  private static Mac mac(String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), mac.getAlgorithm()));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has it", e);
    }
  }
}
