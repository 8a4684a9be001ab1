import { expect, test } from 'vitest';
import type { DataKind } from '../../src/core/kinds.ts';
import { found } from './support/found.ts';

test.each([
  ['ACCOUNT', 'account number: 12345678', '12345678'],
  ['ACCOUNT', 'Acct #000123456789', '000123456789'],
  ['ACCOUNT', 'bank account no. 12-3456-7890123', '12-3456-7890123'],
  ['EMPLOYEE_ID', 'employee ID E-10442', 'E-10442'],
  ['EMPLOYEE_ID', 'Staff no. 88123', '88123'],
  ['DRIVER_LICENSE', "my driver's license number is F162823540116", 'F162823540116'],
  ['DRIVER_LICENSE', 'Driving licence: 2270-66-1551', '2270-66-1551'],
  ['PASSPORT', 'passport no. X1234567', 'X1234567'],
  ['SALARY', 'a base salary of $98,500', '$98,500'],
  ['SALARY', '€72,000 per year', '€72,000'],
  ['SALARY', 'compensation: 98k', '98k'],
  ['AGE', 'she turned 41', '41'],
  ['AGE', 'a 41-year-old', '41'],
  ['POSTCODE', 'ZIP: 3520', '3520'],
  ['POSTCODE', 'near Neustadt 31535 today', '31535'],
  ['COORDINATES', 'at 52.52000, 13.40495', '52.52000, 13.40495'],
  ['COORDINATES', 'at 52°31\'12"N 13°24\'18"E', '52°31\'12"N 13°24\'18"E'],
] as const satisfies readonly (readonly [DataKind, string, string])[])(
  'finds %s in %j',
  (kind, text, value) => {
    expect(found(kind, text)).toEqual([value]);
  },
);

test.each([
  ['ACCOUNT', '12345678', 'account_number'],
  ['EMPLOYEE_ID', '10442', 'employeeId'],
  ['DRIVER_LICENSE', 'F162823540116', 'driver_license'],
  ['SALARY', '98500', 'salary'],
  ['POSTCODE', '3520', 'zip'],
  ['AGE', '41', 'age'],
] as const)('finds %s by the name of the field', (kind, value, field) => {
  expect(found(kind, value, field)).toEqual([value]);
  expect(found(kind, value, 'quantity')).toEqual([]);
});

test.each([
  ['ACCOUNT', 'accounts 6100 6200 6300'],
  ['ACCOUNT', 'on account of 125000 items'],
  ['EMPLOYEE_ID', 'employees: 12'],
  ['EMPLOYEE_ID', 'hire 5 staff in 2026'],
  ['SALARY', 'a budget of $125,000'],
  ['SALARY', 'salaries in 12 teams'],
  ['AGE', 'page 41'],
  ['POSTCODE', 'in January 2017'],
  ['POSTCODE', 'see Section 4711'],
  ['COORDINATES', '0.123456789 0.987654321'],
] as const)('finds no %s in %j', (kind, text) => {
  expect(found(kind, text)).toEqual([]);
});
