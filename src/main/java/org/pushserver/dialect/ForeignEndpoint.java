// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import io.vertx.core.Future;
import java.util.function.Function;
import org.pushserver.api.ApiResponse;
import org.pushserver.api.RefusalShape;

/**
 * What a foreign sender asks for. Confined to one event loop.
 *
 * @param method such as {@code POST}
 * @param path a segment {@code {name}} stands for any
 * @param keyInQuery whether its senders cannot send headers, so that an API key may be in the query
 * @param handler makes an answer of a request; throws a {@link org.pushserver.api.RequestRefused}
 *     when it is none; its future does not fail
 * @param refusals how such a sender is told that its request ends at the door
 */
public record ForeignEndpoint(
    String method,
    String path,
    boolean keyInQuery,
    Function<ForeignRequest, Future<ApiResponse>> handler,
    RefusalShape refusals) {}
