// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.stream.Stream;
import org.pushserver.spi.Problem.Severity;

/**
 * Where Homer, or whoever else understands HEP3, is told of pushes.
 *
 * @param host its name or address; an IPv6 address without brackets
 * @param port its UDP port
 * @param key by which it knows who may tell it something; empty for none
 * @param node what it is to call this server
 * @param id the same as a number, for those that know no names
 */
public record HepSettings(String host, int port, String key, String node, int id) {
  /** Where Homer listens unless it is told otherwise. */
  private static final int DEFAULT_PORT = 9060;

  private static final String URL = "hep_url";
  private static final String KEY = "hep_key";
  private static final String NODE = "hep_node";
  private static final String ID = "hep_id";
  private static final String DEFAULT_NODE = "pushserver";
  private static final int DEFAULT_ID = 2100;

  /** What a datagram has room for, whatever else is in it. */
  private static final int LONGEST = 255;

  public HepSettings {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(node, "node");
  }

  /** Reads the keys of {@code [server]}; null when nobody is to be told. */
  static HepSettings read(SectionReader in) {
    String url = in.text(URL).orElse("");
    if (url.isEmpty()) {
      Stream.of(KEY, NODE, ID)
          .filter(key -> in.text(key).isPresent())
          .forEach(
              key ->
                  in.report(
                      Severity.WARNING, key, "it has no effect without hep_url; set both or none"));
      return null;
    }
    URI parsed = parse(url);
    if (parsed == null) {
      in.report(
          Severity.WARNING,
          URL,
          "it must be udp://HOST:PORT, such as udp://homer.example.com:9060; Homer is told nothing");
      return null;
    }
    return new HepSettings(
        parsed.getHost().replaceAll("[\\[\\]]", ""),
        parsed.getPort() < 0 ? DEFAULT_PORT : parsed.getPort(),
        text(in, KEY, ""),
        text(in, NODE, DEFAULT_NODE),
        in.number(ID, 0, Integer.MAX_VALUE, DEFAULT_ID, Severity.WARNING));
  }

  /** Null for what is none. */
  private static URI parse(String url) {
    try {
      URI parsed = new URI(url);
      boolean plain =
          parsed.getHost() != null
              && parsed.getUserInfo() == null
              && parsed.getQuery() == null
              && parsed.getFragment() == null
              && (parsed.getPath().isEmpty() || parsed.getPath().equals("/"));
      boolean good =
          "udp".equalsIgnoreCase(parsed.getScheme())
              && parsed.getPort() != 0
              && parsed.getPort() <= 65_535;
      return plain && good ? parsed : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static String text(SectionReader in, String key, String otherwise) {
    String text = in.text(key).orElse(otherwise);
    if (text.length() > LONGEST) {
      in.report(
          Severity.WARNING, key, "it may have at most " + LONGEST + " characters; it is ignored");
      return otherwise;
    }
    return text;
  }

  /** Where it is, as it was configured. */
  public String url() {
    return "udp://" + ListenAddress.text(host, port);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return url();
  }
}
