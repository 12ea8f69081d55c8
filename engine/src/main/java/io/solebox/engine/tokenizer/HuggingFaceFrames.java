package io.solebox.engine.tokenizer;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads what the post-processor of tokenizer.json puts around a text (huggingface/tokenizers:
 * processors).
 */
final class HuggingFaceFrames {
  private final Vocabulary vocabulary;

  private HuggingFaceFrames(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  static Frame read(Optional<JsonFields> fields, Vocabulary vocabulary) {
    return fields.map(new HuggingFaceFrames(vocabulary)::read).orElse(Frame.NONE);
  }

  private Frame read(JsonFields fields) {
    return switch (fields.type()) {
      case "Sequence" -> {
        Frame all = Frame.NONE;
        for (JsonFields processor : fields.objects("processors")) {
          all = all.within(read(processor));
        }
        yield all;
      }
      case "ByteLevel" -> Frame.NONE; // about places in the text, not about tokens
      case "TemplateProcessing" -> template(fields);
      case "BertProcessing", "RobertaProcessing" ->
          new Frame(new int[] {id(fields, "cls")}, new int[] {id(fields, "sep")});
      default ->
          throw fields.unsupported(
              "type", "the post-processor " + fields.type() + " is not supported");
    };
  }

  private static int id(JsonFields fields, String name) {
    List<?> pair = fields.list(name);
    if (pair.size() == 2 && pair.get(1) instanceof Long id && id == id.intValue()) {
      return id.intValue();
    }
    throw fields.bad(name, "must be a token and its id");
  }

  private Frame template(JsonFields fields) {
    IntList before = new IntList();
    IntList behind = new IntList();
    int texts = 0;
    for (JsonFields piece : fields.objects("single")) {
      if (piece.has("Sequence")) {
        texts++;
      } else {
        String name = piece.requiredObject("SpecialToken").requiredText("id");
        addIds(fields, name, texts == 0 ? before : behind);
      }
    }
    if (texts != 1) {
      throw fields.unsupported("single", "the template holds the text " + texts + " times");
    }
    return new Frame(before.toArray(), behind.toArray());
  }

  private void addIds(JsonFields fields, String name, IntList out) {
    Optional<JsonFields> token =
        fields.object("special_tokens").flatMap(known -> known.object(name));
    if (token.isPresent()) {
      for (Object id : token.get().list("ids")) {
        out.add(checked(token.get(), id));
      }
      return;
    }
    OptionalInt found = vocabulary.find(name);
    if (found.isEmpty()) {
      throw fields.bad("single", "the template names a token that does not exist, " + name);
    }
    out.add(found.getAsInt());
  }

  private int checked(JsonFields fields, Object id) {
    if (id instanceof Long number && number >= 0 && number < vocabulary.size()) {
      return number.intValue();
    }
    throw fields.bad("ids", "the template names an id that does not exist, " + id);
  }
}
