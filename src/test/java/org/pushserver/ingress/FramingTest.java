// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {
  private static MultiMap headers(String... pairs) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("Host", "door");
    for (int at = 0; at < pairs.length; at += 2) {
      headers.add(pairs[at], pairs[at + 1]);
    }
    return headers;
  }

  private static String fault(String... pairs) {
    return Framing.fault(headers(pairs), HttpVersion.HTTP_1_1);
  }

  @Test
  void whatCanBeReadInOneWayOnlyPasses() {
    assertNull(fault());
    assertNull(fault("Content-Length", "0"));
    assertNull(fault("content-length", "65536"));
    assertNull(fault("transfer-encoding", "Chunked"));
    assertNull(Framing.fault(headers(), HttpVersion.HTTP_1_0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"xchunked", "chunked, identity", "identity", "gzip", " chunked", ""})
  void onlyChunkedIsAKnownCoding(String coding) {
    assertNotNull(fault("Transfer-Encoding", coding));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " 5", "+5", "5, 5", "0x5", "5\t"})
  void aLengthIsANumber(String length) {
    assertNotNull(fault("Content-Length", length));
  }

  @Test
  void oneLengthAndOneHostAreEnough() {
    assertNotNull(fault("Content-Length", "5", "Transfer-Encoding", "chunked"));
    assertNotNull(fault("Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked"));
    assertNotNull(fault("Host", "door"));
    assertNotNull(Framing.fault(headers("Transfer-Encoding", "chunked"), HttpVersion.HTTP_1_0));
  }
}
