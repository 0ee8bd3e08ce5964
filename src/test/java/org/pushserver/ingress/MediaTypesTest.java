// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypesTest {
  private static final List<String> ALLOWED =
      List.of("audio", "video", "image", "chat", "sms", "file-transfer");

  @ParameterizedTest
  @ValueSource(strings = {"audio", "video", "image", "chat", "sms", "file-transfer"})
  void theKnownOnesStay(String text) {
    assertEquals(Optional.of(text), MediaTypes.reduce(text, ALLOWED));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "audio, video | video",
        "video,audio | video",
        "chat, audio | audio",
        "bogus, audio | audio",
        "chat, image | chat",
        "chat, bogus | chat",
        "Audio | audio",
        "' audio , ' | audio",
      })
  void aListBecomesOne(String text, String mediaType) {
    assertEquals(Optional.of(mediaType), MediaTypes.reduce(text, ALLOWED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bogus", "bogus, chat", ",", " ", "audiovideo"})
  void whatIsNoneIsEmpty(String text) {
    assertEquals(Optional.empty(), MediaTypes.reduce(text, ALLOWED));
  }
}
