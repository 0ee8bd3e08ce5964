// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import org.pushserver.push.Device;
import org.pushserver.spi.Reason;
import org.pushserver.tokens.Callee;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenStore;

/** The page of an account: the devices that have registered for it. */
final class AccountPage implements ConsolePage {
  /** Nobody has more phones, and a page must not grow without a bound. */
  private static final int MOST = 200;

  /** Null when no tokens are stored. */
  private final TokenStore tokens;

  /** The server that has stored them for itself; empty when all have the same. */
  private final String server;

  /**
   * @param account as it was asked for
   * @param server the server that has stored them for itself; empty when all have the same
   * @param pushesHref where its pushes are
   * @param isPart whether there are devices that are not shown
   */
  private record Model(
      String account,
      Excerpt shown,
      String heading,
      List<Row> devices,
      boolean hasDevices,
      boolean isNothing,
      boolean isPart,
      String server,
      String pushesHref) {}

  /**
   * A device.
   *
   * @param token its beginning, and no more
   * @param further of Apple's other token; empty when it has none
   * @param pushesHref where the pushes to it are
   * @param stored at most one; none when it is not known
   * @param seen likewise
   */
  private record Row(
      Excerpt application,
      Excerpt device,
      String pushesHref,
      String token,
      String further,
      List<Moment> stored,
      String seen,
      Excerpt userAgent) {
    static Row of(StoredToken one) {
      return new Row(
          Excerpt.of(one.app().toString()),
          Excerpt.of(one.deviceId()),
          SearchForm.address(Console.PATH, Map.of(SearchForm.DEVICE, one.deviceId())),
          shortened(one.token()),
          further(one),
          one.storedAt() == 0 ? List.of() : List.of(Moment.of(one.storedAt())),
          one.lastSeen() == 0 ? "" : Moment.of(one.lastSeen()).utc().substring(0, 10),
          Excerpt.of(one.userAgent() == null ? "" : one.userAgent()));
    }

    private static String further(StoredToken one) {
      if (one.isForCallsAlone()) {
        return "dead until it registers again";
      }
      return one.background() == null ? "" : shortened(one.background());
    }

    private static String shortened(String token) {
      return Excerpt.line(new Device(token, null).shortToken());
    }
  }

  /**
   * @param tokens null when none are stored
   * @param server the server of a cluster that has stored them for itself; empty when all have the
   *     same, or there is one
   */
  AccountPage(TokenStore tokens, String server) {
    this.tokens = tokens;
    this.server = server;
  }

  /** Where the devices of an account are; empty for a text that names none. */
  static String href(String text) {
    String account = Callee.account(text);
    return account == null
        ? ""
        : SearchForm.address(Console.ACCOUNT, Map.of(SearchForm.ACCOUNT, account));
  }

  @Override
  public Future<View> view(ConsoleReader reader, MultiMap query) {
    String account = Callee.account(query.get(SearchForm.ACCOUNT));
    if (tokens == null) {
      return Future.succeededFuture(
          Message.of(
              404,
              "No tokens are stored",
              "This server stores no tokens: [tokens] of general.ini has store = none. Each request"
                  + " names the device that it is for."));
    }
    if (account == null) {
      return Future.succeededFuture(
          Message.of(400, "No account named", "The address must name an account: ?account=…"));
    }
    return tokens
        .devices(account)
        .map(
            devices ->
                view(
                    account,
                    devices.stream().filter(one -> reader.scope().sees(one.app())).toList()))
        .otherwise(
            failure ->
                Message.of(503, "The stored tokens cannot be read now", Reason.of(failure) + "."));
  }

  private View view(String account, List<StoredToken> devices) {
    return new View(200, "account", "Account", () -> model(account, devices));
  }

  private Model model(String account, List<StoredToken> devices) {
    return new Model(
        account,
        Excerpt.of(account),
        devices.size() == 1 ? "1 device" : devices.size() + " devices",
        devices.stream().limit(MOST).map(Row::of).toList(),
        !devices.isEmpty(),
        devices.isEmpty(),
        devices.size() > MOST,
        Excerpt.line(server),
        SearchForm.address(Console.PATH, Map.of(SearchForm.ACCOUNT, account)));
  }
}
