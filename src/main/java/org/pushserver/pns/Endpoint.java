// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pns;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;

/**
 * Where requests are posted to.
 *
 * @param tls whether over HTTPS
 * @param host name or address; an IPv6 address without brackets
 * @param port 1 to 65535
 * @param path with the query, if any; empty when the URL has none
 */
public record Endpoint(boolean tls, String host, int port, String path) {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /**
   * Reads an {@code https} URL, or an {@code http} one to this machine. Without a scheme it is
   * {@code https}.
   *
   * @throws IllegalArgumentException says what is wrong with it, in an operator's words
   */
  public static Endpoint parse(String text) {
    URI uri = uri(text.contains("://") ? text : "https://" + text);
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalArgumentException("must begin with https://, not " + scheme + "://");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("names no valid host");
    }
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("must have neither a user nor a fragment");
    }
    boolean tls = scheme.equals("https");
    String host = withoutBrackets(uri.getHost());
    if (!tls && !isLoopback(host)) {
      throw new IllegalArgumentException(
          "plain http is for this machine only (127.0.0.0/8, ::1, localhost); use https to "
              + host);
    }
    return new Endpoint(tls, host, port(uri, tls), path(uri));
  }

  /**
   * A host that is spoken to over TLS.
   *
   * @param host as in a URL, an IPv6 address in brackets
   */
  public static Endpoint of(String host, int port) {
    return new Endpoint(true, withoutBrackets(host), port, "");
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("is no URL: " + e.getReason(), e);
    }
  }

  private static int port(URI uri, boolean tls) {
    int port = uri.getPort() == -1 ? standardPort(tls) : uri.getPort();
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("has a port that is not from 1 to 65535");
    }
    return port;
  }

  private static String path(URI uri) {
    String path = uri.getRawPath().equals("/") ? "" : uri.getRawPath();
    if (uri.getRawQuery() == null) {
      return path;
    }
    return (path.isEmpty() ? "/" : path) + '?' + uri.getRawQuery();
  }

  private static int standardPort(boolean tls) {
    return tls ? HTTPS_PORT : HTTP_PORT;
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static boolean isLoopback(String host) {
    // Never asks DNS: a name that leads here today may lead elsewhere tomorrow.
    byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
    if (address == null) {
      return host.equalsIgnoreCase("localhost");
    }
    try {
      return InetAddress.getByAddress(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  public boolean hasPath() {
    return !path.isEmpty();
  }

  public Endpoint withPath(String newPath) {
    return new Endpoint(tls, host, port, newPath);
  }

  /** What a request line carries: the path, or {@code /} when there is none. */
  public String target() {
    return path.isEmpty() ? "/" : path;
  }

  /** The whole URL; the port only when it is not the usual one. */
  public String url() {
    String shownHost = host.indexOf(':') >= 0 ? '[' + host + ']' : host;
    String shownPort = port == standardPort(tls) ? "" : ":" + port;
    return (tls ? "https://" : "http://") + shownHost + shownPort + path;
  }

  @Override
  public String toString() {
    return url();
  }
}
