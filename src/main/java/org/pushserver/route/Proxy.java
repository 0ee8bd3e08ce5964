// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.proxy.ProxyConnectException;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushserver.spi.Reason;

/**
 * An HTTP proxy between us and a push service: {@code proxy_url}. It makes a tunnel with CONNECT,
 * for which it looks up the push service's name itself, and sees nothing of what goes through. With
 * one, no connection goes around it. Immutable; any thread.
 */
public final class Proxy {
  private static final String SCHEME = "http://";

  /** How Netty words an answer that is no tunnel; the exception has no field for it. */
  private static final Pattern STATUS = Pattern.compile("status: (\\d{3})\\b.*");

  private final ProxyOptions options;
  private final String shown;

  private Proxy(URI uri) {
    this.shown = uri.getHost() + ':' + uri.getPort();
    this.options =
        new ProxyOptions()
            .setType(ProxyType.HTTP)
            .setHost(uri.getHost().replaceAll("[\\[\\]]", ""))
            .setPort(uri.getPort());
    if (uri.getRawUserInfo() != null) {
      String[] both = uri.getRawUserInfo().split(":", 2);
      options.setUsername(decode(both[0])).setPassword(both.length == 1 ? "" : decode(both[1]));
    }
  }

  /** A plus is a plus: this is no form. */
  private static String decode(String percentEncoded) {
    return URLDecoder.decode(percentEncoded.replace("+", "%2B"), UTF_8);
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException says what is wrong with it, and nothing of what is in it
   */
  public static Proxy parse(String url) {
    if (!url.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new IllegalArgumentException(
          "must begin with http://, which is how the proxy itself is spoken to; no other kind of"
              + " proxy is supported");
    }
    URI uri = uri(url);
    boolean bare =
        uri.getHost() != null
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null
            && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
    if (!bare) {
      throw malformed();
    }
    if (uri.getPort() < 1 || uri.getPort() > 65535) {
      throw new IllegalArgumentException("needs a port from 1 to 65535 behind the host, as :3128");
    }
    return new Proxy(uri);
  }

  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      // Its message quotes the URL, and with it perhaps the password.
      throw malformed();
    }
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "is not http://host:port or http://user:password@host:port; percent-encode @ : / ? # and"
            + " such in user and password, and write each percent sign twice");
  }

  /** For a client of Vert.x; holds the password. */
  public ProxyOptions options() {
    return new ProxyOptions(options);
  }

  /**
   * Says that it was the proxy, or that one was in between, when something came of a connection
   * that should not.
   *
   * @param peer host and port at the tunnel's end
   */
  public Exception explain(Throwable cause, String peer) {
    if (cause instanceof ProxyConnectException) {
      return new IOException(refusal(netty(cause.getMessage()), peer));
    }
    boolean unreachable =
        cause instanceof ConnectException || cause instanceof UnknownHostException;
    return new IOException(
        (unreachable ? "cannot reach the proxy " : "through the proxy ")
            + shown
            + ": "
            + Reason.of(cause),
        cause);
  }

  private String refusal(String said, String peer) {
    Matcher status = STATUS.matcher(said);
    if (!status.matches()) {
      return "the proxy " + shown + " made no tunnel to " + peer + ": " + said;
    }
    HttpResponseStatus answer = HttpResponseStatus.valueOf(Integer.parseInt(status.group(1)));
    return "the proxy "
        + shown
        + " made no tunnel to "
        + peer
        + " but answered "
        + answer
        + (answer.equals(HttpResponseStatus.PROXY_AUTHENTICATION_REQUIRED)
            ? "; check user and password in proxy_url"
            : "");
  }

  /** What comes after protocol, scheme and the two addresses, which Netty always tells. */
  private static String netty(String message) {
    int destination = message.indexOf(" => ");
    int comma = message.indexOf(", ", Math.max(0, destination));
    return destination < 0 || comma < 0 ? message : message.substring(comma + 2);
  }

  /** Whether it is the same proxy, asked by the same user. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Proxy proxy && options.toJson().equals(proxy.options.toJson());
  }

  @Override
  public int hashCode() {
    return shown.hashCode();
  }

  /** Host and port, without user and password. */
  @Override
  public String toString() {
    return shown;
  }
}
