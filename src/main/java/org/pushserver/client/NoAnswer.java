// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Why there was no answer, in words. */
final class NoAnswer {
  private NoAnswer() {}

  /**
   * One sentence, without its beginning and its full stop.
   *
   * @param host whom the client asked
   * @param seconds how long it was ready to wait
   */
  static String why(IOException failure, String host, int seconds) {
    if (has(failure, UnresolvedAddressException.class)
        || has(failure, UnknownHostException.class)) {
      return "nobody knows the name " + host + "; check --url";
    } else if (has(failure, HttpConnectTimeoutException.class)) {
      return "no connection within " + seconds + " s; a firewall may stand between";
    } else if (has(failure, HttpTimeoutException.class)) {
      return "connected, but no answer within " + seconds + " s; see the server's log";
    } else if (has(failure, SSLException.class)) {
      return tls(failure);
    } else if (has(failure, NoRouteToHostException.class)) {
      return "there is no way to " + host;
    } else if (has(failure, ConnectException.class)) {
      return "nothing listens there. Is the server running? Check --url";
    } else if (has(failure, EOFException.class) || says(failure, "no bytes")) {
      return "the connection was closed without one; does --url say http where it must be https?";
    }
    return "the connection broke; see the server's log";
  }

  private static String tls(IOException failure) {
    if (has(failure, CertPathValidatorException.class) || says(failure, "unable to find valid")) {
      return "its certificate is not trusted here; give its authority with --ca-file";
    } else if (says(failure, "no subject alternative") || says(failure, "no name matching")) {
      return "its certificate is for another name than the one in --url";
    } else if (says(failure, "certificate_required") || says(failure, "bad_certificate")) {
      return "it wants a client certificate, or another one: --cert and --key";
    } else if (says(failure, "plaintext connection")) {
      return "it speaks plain HTTP; write http:// in --url";
    } else if (has(failure, CertificateException.class)) {
      return "its certificate cannot be used";
    }
    return "TLS did not come about; see the server's log";
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (kind.isInstance(each)) {
        return true;
      }
    }
    return false;
  }

  private static boolean says(Throwable failure, String words) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      String message = each.getMessage();
      if (message != null && message.toLowerCase(Locale.ROOT).contains(words)) {
        return true;
      }
    }
    return false;
  }
}
