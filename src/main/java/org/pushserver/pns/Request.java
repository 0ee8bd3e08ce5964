// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pns;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/**
 * What is posted to a push service for one push.
 *
 * @param host where to; its path does not count
 * @param path beginning with a slash
 * @param headers names in lower case, without the authorization, which is added
 */
public record Request(Endpoint host, String path, MultiMap headers, Buffer body) {}
