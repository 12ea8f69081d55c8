package io.solebox.server.ollama;

import io.solebox.engine.constrain.structure.Structure;
import io.solebox.server.answers.AskedStructure;
import io.solebox.server.formats.FormatReader;
import io.solebox.server.http.Texts;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.Optional;

/** Reads {@code format}: {@code json} for any object, or a schema. */
final class FormatField {
  private static final String FORMAT = "format";

  private FormatField() {}

  /** Empty for any text. */
  static Optional<AskedStructure> read(Fields body) {
    return body.raw(FORMAT)
        .filter(given -> !given.equals("")) // as programs send it that want none
        .map(
            given ->
                switch (given) {
                  case String text when text.equals("json") ->
                      new AskedStructure(new Structure.JsonObject(), FORMAT);
                  case String text ->
                      throw Params.invalidValue(
                          FORMAT,
                          "'format' is '%s', but must be json or a schema."
                              .formatted(Texts.abbreviated(text)));
                  case Object schema -> FormatReader.schema(schema, FORMAT);
                });
  }
}
