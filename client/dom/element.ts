type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
export type Child = Node | string | undefined | false;

/** An HTML element. Attributes that are `undefined` or `false` are left out; text is text, never markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...children.filter(isShown));
  return made;
}

export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) target.removeAttribute(name);
    else target.setAttribute(name, value === true ? '' : String(value));
  }
}

/**
 * A button that does something here; it never submits a form. Of a double click it takes the first: the second may land
 * on a button of the step that the first one brought.
 */
export function button(label: string, kind: 'primary' | 'secondary' | 'quiet', onPress: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', class: `button ${kind}` }, [label]);
  made.addEventListener('click', ({ detail }) => {
    if (detail < 2) onPress();
  });
  return made;
}

/** Read by screen readers only. */
export function unseen(text: string): HTMLSpanElement {
  return element('span', { class: 'unseen' }, [text]);
}

function isShown(child: Child): child is Node | string {
  return child !== undefined && child !== false && child !== '';
}
