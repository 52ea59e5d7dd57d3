import type { MenuItemConstructorOptions } from 'electron'

/** What was clicked with the other button. */
export interface ClickedPlace {
  readonly isEditable: boolean
  readonly selectionText: string
  readonly editFlags: Readonly<Record<'canUndo' | 'canRedo' | 'canCut' | 'canCopy' | 'canPaste' | 'canSelectAll', boolean>>
}

/** The part of a window's contents that is used. */
export interface ClickedContents {
  on(event: 'context-menu', run: (event: unknown, place: ClickedPlace) => void): unknown
}

/** Opens a menu over text fields and selected text. */
export function followClicks(contents: ClickedContents, open: (template: MenuItemConstructorOptions[]) => void): void {
  contents.on('context-menu', (_event, place) => {
    const template = contextMenu(place)
    if (template.length > 0) open(template)
  })
}

/** What can be done with the text that was clicked; nothing elsewhere. */
export function contextMenu({ isEditable, selectionText, editFlags: can }: ClickedPlace): MenuItemConstructorOptions[] {
  if (!isEditable) return selectionText.trim() === '' ? [] : [{ role: 'copy', enabled: can.canCopy }]
  return [
    { role: 'undo', enabled: can.canUndo },
    { role: 'redo', enabled: can.canRedo },
    { type: 'separator' },
    { role: 'cut', enabled: can.canCut },
    { role: 'copy', enabled: can.canCopy },
    { role: 'paste', enabled: can.canPaste },
    { type: 'separator' },
    { role: 'selectAll', enabled: can.canSelectAll },
  ]
}
