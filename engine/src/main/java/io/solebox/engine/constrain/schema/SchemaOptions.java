package io.solebox.engine.constrain.schema;

/**
 * How a schema is read.
 *
 * @param whiteSpace whether there may be white space between the tokens of an answer
 * @param lenient whether keywords and formats that are not known are passed over, and so is {@code
 *     uniqueItems} where it cannot be held; if not, they are refused
 */
public record SchemaOptions(boolean whiteSpace, boolean lenient) {
  public static final SchemaOptions DEFAULT = new SchemaOptions(true, false);
}
