// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.pushserver.audit.PushLogLines;
import org.pushserver.config.ApiKey;
import org.pushserver.config.Right;
import org.pushserver.log.LogLine;
import org.pushserver.observe.RequestMeters.Refused;
import org.pushserver.tokens.DeviceIds;
import org.pushserver.tokens.NoTokenStore;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenStore;
import org.pushserver.tokens.TokenStore.Removal;
import org.pushserver.tokens.TokenStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Version 2 of what can be asked for, whatever a request comes in by: devices register once under
 * an account, and pushes are asked for by the account alone. Accounts are those of the callee,
 * {@code user@domain}, with {@code sip:} before them or not. Confined to one event loop.
 *
 * <p>Each call throws a {@link RequestRefused} when the request is wrong, or fails with one when
 * that turns out later, or when the store cannot be used.
 */
public final class TokenApi {
  /** What an account may have; more than anybody's phones. */
  static final int MOST_DEVICES = 100;

  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");

  /** The store is looked after by itself, or by somebody. */
  private static final int STORE_RETRY_S = 5;

  private static final String NOT_SENT = "Push request was not sent: ";

  private final ApiParts parts;
  private final PushApi pushes;
  private final TokenReader reader;

  /**
   * @param parts where the tokens are, and what takes the pushes, on this event loop
   * @param pushes makes them
   */
  public TokenApi(ApiParts parts, PushApi pushes) {
    this.parts = parts;
    this.pushes = pushes;
    this.reader = new TokenReader(parts.dispatcher());
  }

  /**
   * Stores a device, or renews it.
   *
   * @param account as received
   * @return completes with what was stored, as soon as it is safe
   */
  public Future<ApiResponse> add(String account, IncomingPush asked) {
    TokenStore store = store();
    String name = account(store, account);
    Caller caller = asked.caller().with(Right.TOKENS, name);
    StoredToken token = reader.read(name, fields(asked), caller, parts.time().now());
    return usable(store.devices(name))
        .compose(
            known -> {
              requireRoom(known, token);
              return usable(store.add(token));
            })
        .map(
            stored -> {
              log("registered", name, token.app().appId(), token.deviceId(), asked);
              return ApiResponse.of(200, json -> TokenWords.stored(json, token));
            });
  }

  private static void requireRoom(List<StoredToken> known, StoredToken token) {
    boolean isNew =
        known.stream()
            .filter(one -> one.app().appId().equals(token.app().appId()))
            .noneMatch(one -> DeviceIds.isSame(one.deviceId(), token.deviceId()));
    if (isNew && known.size() >= MOST_DEVICES) {
      throw new RequestRefused(
          409,
          "The account has %s devices, and no room for another; remove one"
              .formatted(known.size()));
    }
  }

  /**
   * Removes a device.
   *
   * @param account as received
   * @return completes with the request, or, for who waits, with 404 when there is no such device
   */
  public Future<ApiResponse> remove(String account, IncomingPush asked) {
    TokenStore store = store();
    String name = account(store, account);
    Caller caller = asked.caller().with(Right.TOKENS, name);
    FieldReader fields = new FieldReader(fields(asked));
    if (!fields.isFilled(Field.APP_ID)) {
      FieldReader.requireNone(List.of(Field.APP_ID.wireName()));
    }
    String appId = fields.text(Field.APP_ID);
    String named = fields.text(Field.DEVICE_ID);
    String deviceId = PushReader.deviceId(named);
    return usable(
            allowed(store, caller, name, appId, deviceId)
                .compose(allowed -> remove(store, caller, name, appId, deviceId)))
        .map(
            removal -> {
              if (removal == Removal.REMOVED) {
                log("removed", name, appId, deviceId, asked);
              } else if (asked.waits()) {
                String result = removal == Removal.NO_SUCH_ACCOUNT ? "User not found" : "Not found";
                DevicePushes.refused("", missing(result), asked);
                return ApiResponse.of(404, json -> TokenWords.result(json, result));
              }
              return ApiResponse.of(200, json -> TokenWords.removed(json, appId, named));
            });
  }

  private Future<Removal> remove(
      TokenStore store, Caller caller, String account, String appId, String deviceId) {
    if (deviceId == null) {
      return store
          .devices(account)
          .map(all -> all.isEmpty() ? Removal.NO_SUCH_ACCOUNT : Removal.NO_SUCH_DEVICE);
    }
    return store
        .remove(account, appId, deviceId)
        .compose(
            removal ->
                removal == Removal.NO_SUCH_DEVICE
                    ? removeOtherwiseCalled(store, caller, account, appId, deviceId)
                    : Future.succeededFuture(removal));
  }

  /** Its application may have been called so as well when it registered. */
  private Future<Removal> removeOtherwiseCalled(
      TokenStore store, Caller caller, String account, String name, String deviceId) {
    return store
        .devices(account)
        .compose(
            devices ->
                devices.stream()
                    .filter(one -> DeviceIds.isSame(one.deviceId(), deviceId))
                    .map(StoredToken::app)
                    .filter(app -> caller.mayUse(app) && reader.isCalled(app, name))
                    .findFirst()
                    .map(app -> store.remove(account, app.appId(), deviceId))
                    .orElseGet(() -> Future.succeededFuture(Removal.NO_SUCH_DEVICE)));
  }

  /** Makes sure that a key which opens some applications only opens that of the device. */
  private static Future<Void> allowed(
      TokenStore store, Caller caller, String account, String appId, String deviceId) {
    ApiKey key = caller.key();
    if (key == null || key.all()) {
      return Future.succeededFuture();
    }
    RequestRefused refusal =
        new RequestRefused(
            403, "API key '%s' may not use application %s".formatted(key, Printable.quote(appId)));
    boolean opensAny =
        key.appIds().contains(appId)
            || key.applications().stream().anyMatch(app -> app.appId().equals(appId));
    if (!opensAny) {
      throw refusal;
    }
    return store
        .devices(account)
        .compose(
            devices ->
                devices.stream()
                        .filter(one -> one.app().appId().equals(appId))
                        .filter(one -> deviceId != null)
                        .filter(one -> DeviceIds.isSame(one.deviceId(), deviceId))
                        .allMatch(one -> caller.mayUse(one.app()))
                    ? Future.succeededFuture()
                    : Future.failedFuture(refusal));
  }

  /**
   * Pushes to all devices of an account, or to one of them.
   *
   * @param account as received
   * @param device the device-id, as received; null for all
   * @return completes with what became of all of them, or at once, as it was asked
   */
  public Future<ApiResponse> push(String account, String device, IncomingPush asked) {
    TokenStore store = store();
    String name = account(store, account);
    Caller caller = asked.caller().with(Right.PUSH, name);
    RequestFields fields = fields(asked);
    TokenReader.require(fields, Field.CALL_ID, Field.FROM, Field.TO);
    return usable(store.devices(name))
        .compose(
            all -> {
              List<StoredToken> known =
                  all.stream().filter(one -> caller.mayUse(one.app())).toList();
              if (known.isEmpty()) {
                return missing("user not found", "account", name, fields, asked);
              }
              List<StoredToken> meant = meant(known, device);
              return meant.isEmpty()
                  ? missing("device not found", "device_id", device, fields, asked)
                  : AccountPushes.push(fields, meant, caller, asked, pushes, parts.dispatcher());
            });
  }

  /** Of more than an account may have, which can only come from elsewhere, the latest. */
  private static List<StoredToken> meant(List<StoredToken> known, String device) {
    Predicate<StoredToken> wanted = one -> true;
    if (device != null) {
      String id = PushReader.deviceId(device);
      wanted = one -> id != null && DeviceIds.isSame(one.deviceId(), id);
    }
    List<StoredToken> meant = known.stream().filter(wanted).toList();
    return meant.size() <= MOST_DEVICES
        ? meant
        : meant.stream()
            .sorted(Comparator.comparingLong(StoredToken::storedAt).reversed())
            .limit(MOST_DEVICES)
            .sorted(StoredToken.ORDER)
            .toList();
  }

  private static Future<ApiResponse> missing(
      String what, String name, String value, RequestFields fields, IncomingPush asked) {
    RequestRefused refusal = missing(NOT_SENT + what);
    String callId = fields.text(Field.CALL_ID);
    DevicePushes.refused(
        "", callId == null ? refusal : refusal.about(Printable.cut(callId)), asked);
    return Future.succeededFuture(
        ApiResponse.of(
            new RequestAnswer(
                404, refusal.description(), 0, json -> TokenWords.one(json, name, value))));
  }

  static RequestRefused missing(String description) {
    return new RequestRefused(404, Refused.DEVICE, description);
  }

  /**
   * The devices of an account, their tokens cut: those of the applications that the caller may use.
   *
   * @param account as received
   */
  public Future<ApiResponse> list(String account, Caller asker) {
    TokenStore store = store();
    String name = account(store, account);
    Caller caller = asker.with(Right.TOKENS, name);
    return usable(store.devices(name))
        .map(
            all -> {
              List<StoredToken> known =
                  all.stream().filter(one -> caller.mayUse(one.app())).toList();
              return ApiResponse.of(200, json -> TokenWords.list(json, name, known));
            });
  }

  private TokenStore store() {
    TokenStore store = parts.tokens();
    if (store == NoTokenStore.INSTANCE) {
      throw RequestRefused.unknownPath(NoTokenStore.OFF);
    }
    return store;
  }

  private static RequestFields fields(IncomingPush asked) {
    return JsonReader.read(asked.body(), asked.policy().json());
  }

  /** An account without the scheme that it has in SIP. */
  private static String account(TokenStore store, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    String name =
        lower.startsWith("sip:") || lower.startsWith("sips:")
            ? text.substring(text.indexOf(':') + 1)
            : text;
    if (name.isBlank()) {
      throw RequestRefused.badRequest("The account is empty; it must be user@domain");
    }
    if (name.length() > Field.ACCOUNT.limit()) {
      throw RequestRefused.badRequest(
          "The account has %s characters; at most %s are allowed"
              .formatted(name.length(), Field.ACCOUNT.limit()));
    }
    FieldReader.requireNoControls(Field.ACCOUNT.wireName(), name);
    String refusal = store.refusal(name);
    if (refusal != null) {
      throw RequestRefused.badRequest("The " + refusal);
    }
    return name;
  }

  private static <T> Future<T> usable(Future<T> answer) {
    return answer.recover(
        cause ->
            Future.failedFuture(
                cause instanceof TokenStoreException
                    ? RequestRefused.storeUnusable(cause.getMessage(), STORE_RETRY_S)
                    : cause));
  }

  private static void log(
      String did, String account, String appId, String deviceId, IncomingPush asked) {
    if (LOG.isInfoEnabled()) {
      LOG.info(
          LogLine.MESSAGE,
          PushLogLines.registration(did, account, appId, deviceId, asked.caller().toString()));
    }
  }
}
