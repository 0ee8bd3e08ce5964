// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import io.vertx.core.net.PemTrustOptions;
import org.pushserver.route.Proxy;

/**
 * Which token is asked for, and over which way. Applications with equal ones share the token; over
 * another proxy, or trusting other authorities, it is another one: nobody's proxy is used by
 * others.
 *
 * @param credential what it is asked for with
 * @param ca trusted in addition to the system's; null for none
 * @param proxy on the way there; null for none
 */
record TokenAccess(Credential credential, PemTrustOptions ca, Proxy proxy) {
  /** Without the key. */
  @Override
  public String toString() {
    return proxy == null ? credential.toString() : credential + ", through the proxy " + proxy;
  }
}
