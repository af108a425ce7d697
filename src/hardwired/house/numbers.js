// How the book writes a number with so many significant digits; the rule of numbers.py.
hardwired.number = (value, digits = 3) => {
  if (value === Infinity) return "never";
  const minus = (text) => text.replace(/^-/, "−");
  const [head, power] = value.toExponential(digits - 1).split("e");
  if (+power >= -4 && +power < digits) return minus(String(+value.toPrecision(digits)));
  if (+power > 0 && +power < 7) return minus(String(+value.toPrecision(digits)).replace(/\B(?=(\d{3})+$)/g, ","));
  const raised = `10${String(+power).replace(/./g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)])}`;
  const shown = String(+head);
  return /^-?1$/.test(shown) ? minus(shown.slice(0, -1) + raised) : `${minus(shown)} × ${raised}`;
};
