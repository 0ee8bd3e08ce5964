// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.internal.VertxInternal;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.pushserver.api.LivePolicy;
import org.pushserver.cluster.NodeReport;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.endpoint.Guard;
import org.pushserver.endpoint.HttpEndpoint;
import org.pushserver.endpoint.Page;
import org.pushserver.observe.LoginMeters;
import org.pushserver.search.TrailApi;
import org.pushserver.spi.Time;
import org.pushserver.tokens.TokenStore;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailBusyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages on which people find out why a phone did not ring. Read only: nothing that is done here
 * changes what the server does. Event loops; pages are made on worker threads.
 */
public final class Console {
  static final String PATH = ConsoleAccess.PATH;
  static final String CALL = PATH + "/call";
  static final String PUSH = PATH + "/push";
  static final String ACCOUNT = PATH + "/account";
  static final String APPLICATIONS = PATH + "/applications";
  static final String LIVE = PATH + "/live";
  static final String EVENTS = PATH + "/events";
  static final String REFUSALS = PATH + "/refusals";
  static final String LOGIN = PATH + "/login";
  static final String LOGOUT = PATH + "/logout";

  private static final Logger LOG = LoggerFactory.getLogger(Console.class);
  private static final CharSequence HTML = HttpHeaders.createOptimized("text/html; charset=utf-8");

  private final Vertx vertx;
  private final ConsoleAccess access;
  private final HtmlTemplates templates = new HtmlTemplates();

  private Console(Vertx vertx, ConsoleAccess access) {
    this.vertx = vertx;
    this.access = access;
  }

  /**
   * Its endpoints.
   *
   * @param sources what it shows
   * @param api tells of what comes
   * @param policy says which keys there are
   * @param logins counts who tries to log in
   * @param time the clock of sessions
   * @param userHeader in which a trusted proxy names the reader; empty for none
   */
  public static List<HttpEndpoint<AdmittedRequest>> endpoints(
      Vertx vertx,
      Sources sources,
      TrailApi api,
      LivePolicy policy,
      LoginMeters logins,
      Time time,
      String userHeader) {
    ConsoleAccess access = new ConsoleAccess(policy, new ConsoleSessions(time), userHeader);
    Console console = new Console(vertx, access);
    LoginPage login = new LoginPage(console, access, time, logins);
    ConsoleFiles files = new ConsoleFiles(vertx);
    return List.of(
        console.page(
            PATH,
            sources.pageOf(
                trail -> new SearchPage(trail, sources.applications(), sources.tokens() != null))),
        console.page(CALL, sources.pageOf(CallPage::new)),
        console.page(PUSH, sources.pageOf(PushPage::new)),
        console.page(ACCOUNT, new AccountPage(sources.tokens(), sources.storedAt())),
        console.page(LIVE, sources.pageOf(trail -> new LivePage(trail, sources.applications()))),
        HttpEndpoint.page(EVENTS, Guard.ADDRESS, console.liveEvents(sources, api)::tell),
        console.page(APPLICATIONS, new ApplicationsPage(sources, time)),
        console.page(REFUSALS, sources.pageOf(trail -> new RefusalsPage(trail, time))),
        HttpEndpoint.page(LOGIN, Guard.ADDRESS, login::show),
        new HttpEndpoint<>(HttpMethod.POST, LOGIN, Guard.FORM, login::logIn),
        new HttpEndpoint<>(HttpMethod.POST, LOGOUT, Guard.FORM, login::logOut),
        file(files, "console.css", "text/css; charset=utf-8"),
        file(files, "console.js", "text/javascript; charset=utf-8"));
  }

  private LiveEvents liveEvents(Sources sources, TrailApi api) {
    return new LiveEvents(vertx, sources, api, access, templates);
  }

  /**
   * What the pages show.
   *
   * @param trail null when it is off
   * @param tokens null when none are stored
   * @param storedAt the name of this server when it alone has these tokens; empty when it is alone,
   *     or all servers have the same
   * @param nodes tells how the servers of the cluster are; null when this one is alone
   */
  public record Sources(
      Trail trail,
      RunningApplications applications,
      TokenStore tokens,
      String storedAt,
      Supplier<List<NodeReport>> nodes) {
    /** Those of a server that is alone. */
    public Sources(Trail trail, RunningApplications applications, TokenStore tokens) {
      this(trail, applications, tokens, "", null);
    }

    /** A page of the trail, or one that says that there is none. */
    ConsolePage pageOf(Function<Trail, ConsolePage> maker) {
      return trail == null ? (reader, query) -> Future.succeededFuture(OFF) : maker.apply(trail);
    }
  }

  private static final ConsolePage.View OFF =
      Message.of(
          200,
          "The trail is off",
          "This server keeps no record of its pushes, so there is nothing to search. Set trail = yes"
              + " in [server] of general.ini and restart the server.");

  private static HttpEndpoint<AdmittedRequest> file(ConsoleFiles files, String name, String type) {
    return HttpEndpoint.page(
        PATH + "/" + name, Guard.ADDRESS, request -> files.answer(request.context(), name, type));
  }

  private HttpEndpoint<AdmittedRequest> page(String path, ConsolePage page) {
    return HttpEndpoint.page(
        path, Guard.ADDRESS, request -> guarded(request, reader -> show(request, reader, page)));
  }

  /** Lets a reader in; sends all others to where they can become one, or says what is wrong. */
  private void guarded(AdmittedRequest request, Handler<ConsoleReader> then) {
    RoutingContext context = request.context();
    ConsoleAccess.Entry entry = access.enter(request);
    switch (entry.finding()) {
      case READER -> then.handle(entry.reader());
      case STRANGER -> redirect(context, LoginPage.address(context.request()));
      case UNKNOWN_USER ->
          show(
              context,
              null,
              Message.of(
                  403,
                  "Not for you yet",
                  "The proxy says who you are, but there is no API key of that name with the right"
                      + " 'console'. Whoever runs the server can add one to the file that api_keys in"
                      + " general.ini names."));
      case WITHOUT_KEYS ->
          show(
              context,
              null,
              Message.of(
                  403,
                  "The console needs API keys",
                  "It shows who calls whom, and this server has no API keys to log in with. Set"
                      + " api_keys in general.ini and make a key: pushserver api-key --right console"
                      + " NAME. Or set admin_port: then the console is there, for whoever reaches"
                      + " that address."));
    }
  }

  private void show(AdmittedRequest request, ConsoleReader reader, ConsolePage page) {
    RoutingContext context = request.context();
    // What a page shows may come from the event loops of applications, and this one alone may
    // write to its reader.
    Promise<ConsolePage.View> here = ((VertxInternal) vertx).getOrCreateContext().promise();
    page.view(reader, context.queryParams()).onComplete(here);
    here.future()
        .onSuccess(view -> show(context, reader, view))
        .onFailure(failure -> failed(context, reader, failure));
  }

  private void failed(RoutingContext context, ConsoleReader reader, Throwable failure) {
    if (failure instanceof TrailBusyException) {
      context.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
      show(context, reader, Message.of(503, "Too many searches at once", "Try again in a second."));
    } else if (failure instanceof IllegalArgumentException) {
      show(
          context,
          reader,
          Message.of(400, "No such page", "The cursor in the address is none. Search again."));
    } else {
      failed(context, failure);
    }
  }

  /** Answers with a page; without a reader to one who has not logged in. */
  void show(RoutingContext context, ConsoleReader reader, ConsolePage.View view) {
    Frame frame = Frame.of(view.title(), context.request().path(), reader);
    vertx
        .executeBlocking(() -> templates.fill(view.template(), view.model().make(), frame), false)
        .onSuccess(body -> answer(context, view.status(), body))
        .onFailure(failure -> failed(context, failure));
  }

  private static void answer(RoutingContext context, int status, Buffer body) {
    if (context.response().closed()) {
      return;
    }
    Hardening.apply(context.response());
    new Page(status, HTML, body)
        .show(context)
        .onFailure(failure -> LOG.debug("a page was not read to its end", failure));
  }

  private static void failed(RoutingContext context, Throwable failure) {
    LOG.error(
        "a page of the console could not be shown, which is a fault of Pushserver; all else goes"
            + " on; please report this line and those below it",
        failure);
    if (!context.response().closed()) {
      answer(
          context,
          500,
          Buffer.buffer("<!DOCTYPE html><title>Error</title><p>This page could not be made."));
    }
  }

  /** Sends a reader to another page. */
  static void redirect(RoutingContext context, String address) {
    Hardening.apply(context.response());
    context
        .response()
        .setStatusCode(303)
        .putHeader(HttpHeaders.LOCATION, address)
        .putHeader(HttpHeaders.CONTENT_LENGTH, "0")
        .end()
        .onFailure(failure -> LOG.debug("an answer was not read", failure));
  }
}
