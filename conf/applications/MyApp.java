// SPDX-License-Identifier: GPL-3.0-or-later
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushserver.push.AppKey;
import org.pushserver.push.Details;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.FirebaseData;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.sylk.Alert;
import org.pushserver.sylk.SylkApple;
import org.pushserver.sylk.SylkApplication;
import org.pushserver.sylk.SylkFirebase;

/**
 * A custom application type: like Sylk Mobile, but for what is written here. Copy this file, give
 * the class, the file and {@link #name} another name, and change what your app wants otherwise. Say
 * {@code app_type = myapp} in applications.ini to use it.
 *
 * <p>What differs here: messages are delivered at once and have another title; the app is told the
 * tenant that a call is for, which the PBX sends in a field of its own; chats need a text; and
 * there are fewer media types.
 */
public final class MyApp extends SylkApplication {
  @Override
  public String name() {
    return "myapp";
  }

  @Override
  public List<String> mediaTypes() {
    return List.of("audio", "video", "chat");
  }

  /** A message without a text is refused with 400, which says so. */
  @Override
  public List<String> requiredFields(Event event) {
    List<String> required = new ArrayList<>(super.requiredFields(event));
    if (event.equals(Event.MESSAGE)) {
      required.add("content");
    }
    return required;
  }

  /** Fields that Pushserver does not know, such as the tenant, are wanted in details().extra(). */
  @Override
  public boolean wantsExtraFields() {
    return true;
  }

  @Override
  public Optional<PayloadMaker> payloadMaker(String platform) {
    return switch (platform) {
      case AppKey.APPLE -> Optional.of(new Apple());
      case AppKey.FIREBASE -> Optional.of(new Firebase());
      default -> Optional.empty();
    };
  }

  /** On Apple: a header and the texts of an alert differ, and a call has one more field. */
  private static final class Apple extends SylkApple {
    @Override
    protected int priority(Push push) {
      return push.event().equals(Event.MESSAGE) ? 10 : super.priority(push);
    }

    @Override
    protected Alert alert(Push push) {
      Details details = push.details();
      return push.event().equals(Event.MESSAGE)
          ? new Alert("Message for " + details.to(), details.content())
          : super.alert(push);
    }

    @Override
    protected void writeRing(JsonGenerator json, Push push) throws IOException {
      super.writeRing(json, push);
      String tenant = push.details().extra().get("tenant");
      if (tenant != null) {
        json.writeStringField("tenant", tenant);
      }
    }
  }

  /** On Firebase: a call has one more field. What is null is left out. */
  private static final class Firebase extends SylkFirebase {
    @Override
    protected void writeRing(FirebaseData data, Push push) throws IOException {
      super.writeRing(data, push);
      data.put("tenant", push.details().extra().get("tenant"));
    }
  }
}
