// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.pushserver.api.ApiResponse;
import org.pushserver.api.PushApi;
import org.pushserver.config.ForeignDoor;
import org.pushserver.config.ForeignDoors;
import org.pushserver.spi.Time;

/** The dialects whose doors are open. Confined to one event loop. */
public final class Dialects {
  private static final String POST = "POST";
  private static final String FLEXISIP = "/flexisip";

  private final ForeignDoors doors;
  private final Time time;
  private final ForeignPushes pushes;

  /**
   * @param api sends the pushes
   * @param time by which a sender waits, and pushes run out
   */
  public Dialects(ForeignDoors doors, PushApi api, Time time) {
    this.doors = doors;
    this.time = time;
    this.pushes = new ForeignPushes(api, time, doors.patience());
  }

  /** What can be asked for at them. */
  public List<ForeignEndpoint> endpoints() {
    List<ForeignEndpoint> endpoints = new ArrayList<>();
    for (ForeignDoor door : doors.open()) {
      endpoints.addAll(endpoints(door));
    }
    return endpoints;
  }

  private List<ForeignEndpoint> endpoints(ForeignDoor door) {
    String application = doors.application(door);
    return switch (door) {
      case FLEXISIP -> {
        FlexisipReader reader = new FlexisipReader();
        FlexisipWriter writer = new FlexisipWriter();
        yield List.of(one("GET", FLEXISIP, reader, writer), one(POST, FLEXISIP, reader, writer));
      }
      case FLEXIAPI ->
          List.of(one(POST, "/api/push_notification", new FlexiApiReader(), new FlexiApiWriter()));
      case MATRIX ->
          List.of(each("/_matrix/push/v1/notify", new MatrixReader(), new MatrixWriter()));
      case GORUSH ->
          List.of(each("/api/push", new GorushReader(application, time), new GorushWriter()));
      case MONGOOSEPUSH ->
          List.of(
              one(
                  POST,
                  "/v3/notification/{device_id}",
                  new MongoosePushReader(application),
                  new MongoosePushWriter()));
      case MATTERMOST -> {
        MattermostWriter writer = new MattermostWriter();
        yield List.of(
            one(POST, "/api/v1/send_push", new MattermostReader(application), writer),
            new ForeignEndpoint(POST, "/api/v1/ack", false, Dialects::acknowledged, writer));
      }
    };
  }

  /** An endpoint for requests of one push at most, which are refused when it cannot become one. */
  private ForeignEndpoint one(
      String method, String path, DialectReader reader, DialectWriter writer) {
    return new ForeignEndpoint(
        method,
        path,
        path.equals(FLEXISIP),
        request -> {
          List<ForeignPush> read = reader.read(request);
          return read.isEmpty()
              ? Future.succeededFuture(writer.answer(List.of()))
              : pushes.one(read.get(0), request).map(sent -> writer.answer(List.of(sent)));
        },
        writer);
  }

  /** An endpoint for requests of several pushes, of which each comes to its own end. */
  private ForeignEndpoint each(String path, DialectReader reader, DialectWriter writer) {
    return new ForeignEndpoint(
        POST,
        path,
        false,
        request -> pushes.each(reader.read(request), request).map(writer::answer),
        writer);
  }

  /** A phone of Mattermost has got its push, which is of no use here. */
  private static Future<ApiResponse> acknowledged(ForeignRequest request) {
    var unused = ForeignJson.read(request);
    return Future.succeededFuture(MattermostWriter.done());
  }
}
