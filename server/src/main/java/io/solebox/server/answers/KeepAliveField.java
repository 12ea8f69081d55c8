package io.solebox.server.answers;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.KeepAlive;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.models.Models;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.time.Duration;
import java.util.Optional;

/** {@code keep_alive}: seconds, or a duration as in {@code 1h30m}; less than 0 is for ever. */
public final class KeepAliveField {
  private static final String NAME = "keep_alive";
  private static final KeepAlive NO_TIME = new KeepAlive.Idle(Duration.ZERO);

  private KeepAliveField() {}

  /**
   * @param use hears how long its model is to stay
   * @return whether it is to leave at once
   */
  public static boolean read(Fields body, Models.Use use) {
    Optional<KeepAlive> time = body.raw(NAME).map(value -> time(value, body.param(NAME)));
    time.ifPresent(use::keepAlive);
    return time.filter(NO_TIME::equals).isPresent();
  }

  private static KeepAlive time(Object value, String param) {
    try {
      return switch (value) {
        case Number seconds -> KeepAlive.ofSeconds(seconds.doubleValue());
        case String text -> KeepAlive.parse(param, text);
        case Object other -> throw Params.invalidType(param, "a number or a duration", other);
      };
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, param);
    }
  }
}
